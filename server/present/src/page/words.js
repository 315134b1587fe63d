/**
 * Hours and minutes, the minutes cut as everywhere: `5:23`.
 *
 * @param {number} seconds
 * @returns {string}
 */
function time(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${String(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, "0")}`;
}

/**
 * A clock time from seconds since midnight: `09:02`.
 *
 * @param {number} seconds
 * @returns {string}
 */
function clock(seconds) {
  return time(seconds).padStart(5, "0");
}

/**
 * Reads a clock time as seconds since midnight; nothing where it is none. The second pass of a doubled hour has a `b`.
 *
 * @param {string} text
 * @returns {number | undefined}
 */
function clockRead(text) {
  const [, hours, minutes] = /^(\d{1,2}):([0-5]\d)b?$/.exec(text.trim()) ?? [];
  return hours === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * 60;
}

/**
 * An amount with its thousands apart, as text: it is never a number here.
 *
 * @param {string | undefined} amount
 * @param {string | undefined} currency
 * @returns {string}
 */
function money(amount, currency) {
  if (amount === undefined || currency === undefined) {
    return "";
  }
  const [whole = "", cents] = amount.split(".");
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${currency} ${cents === undefined ? apart : `${apart}.${cents}`}`;
}

/**
 * @param {readonly Money[]} sums
 * @returns {string}
 */
function monies(sums) {
  return sums.map(({ amount, currency }) => money(amount, currency)).join(" + ");
}

/** @type {Record<string, Intl.DateTimeFormat>} */
const formats = {};

/**
 * A civil day in words; it has no time zone any more.
 *
 * @param {string} day
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {string}
 */
function date(day, options) {
  const format = (formats[JSON.stringify(options)] ??= new Intl.DateTimeFormat("en-GB", {
    ...options,
    timeZone: "UTC",
  }));
  return format
    .format(new Date(`${day}T00:00:00Z`))
    .replace(",", "")
    .replace(/\bSept\b/, "Sep");
}

/** @type {Intl.DateTimeFormatOptions} */
const SHORT = { weekday: "short", day: "numeric", month: "short" };
/** @type {Intl.DateTimeFormatOptions} */
const LONG = { weekday: "long", day: "numeric", month: "long" };
/** @type {Intl.DateTimeFormatOptions} */
const FULL = { day: "numeric", month: "short", year: "numeric" };

/**
 * @param {string} first
 * @param {string} last
 * @returns {string}
 */
function dates(first, last) {
  return `${date(first, { day: "numeric", month: "short" })} – ${date(last, FULL)}`;
}

/**
 * @param {number} count
 * @param {string} one
 * @returns {string}
 */
function counted(count, one) {
  return `${String(count)} ${one}${count === 1 ? "" : "s"}`;
}
