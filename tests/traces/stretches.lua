--- The texts to type, by file. A stretch has projects (Neovim starts in the first) and a list of tasks: open a file,
--- read in it, write some lines, save, run something, look elsewhere.

--- A file long enough to scroll in.
---@param names string[]
---@param shape string with the name's place as %s
local function body(head, shape, names)
  local parts = { head }
  for _, name in ipairs(names) do
    parts[#parts + 1] = (shape:gsub("%%s", name))
  end
  return table.concat(parts, "\n\n")
end

local rust = [[
/// Answers a request about %s.
pub async fn %s(store: &Store, request: Request) -> Result<Response, Error> {
    let caller = request.caller()?;
    let rows = store.load("%s", caller.account).await?;
    tracing::debug!(rows = rows.len(), "%s");
    Ok(Response::json(&rows))
}]]

local typescript = [[
export function %s(points: Point[], options: Options = {}): Series {
  const sorted = [...points].sort((left, right) => left.at - right.at);
  const scale = options.scale ?? linear(sorted);
  return {
    name: "%s",
    values: sorted.map((point) => scale(point.value)),
  };
}]]

local python = [[
def %s(cart: Cart, customer: Customer) -> Cart:
    """Work out %s for the customer's country."""
    rules = rules_for(customer.country)
    for line in cart.lines:
        line.amount = rules.apply("%s", line)
    cart.touch()
    return cart]]

local api = {
  folder = "work/acme/api",
  repository = true,
  files = {
    ["src/orders.rs"] = body("use crate::{Error, Request, Response, Store};", rust, {
      "list_orders",
      "show_order",
      "create_order",
      "cancel_order",
      "order_lines",
      "order_history",
    }),
    ["src/pagination.rs"] = body("//! Pages and cursors.", rust, { "first_page", "next_page", "last_page" }),
    ["src/routes.rs"] = body(
      "//! Which path goes where.",
      rust,
      { "orders", "customers", "invoices", "webhooks" }
    ),
    ["tests/orders.rs"] = body(
      "mod support;",
      rust,
      { "lists_orders", "shows_an_order", "refuses_strangers" }
    ),
    ["tests/support/mod.rs"] = body("//! What the tests share.", rust, { "server", "account", "seed" }),
  },
}

local dashboard = {
  folder = "work/acme/dashboard",
  repository = true,
  files = {
    ["src/charts/line.ts"] = body('import { linear } from "../scale";', typescript, {
      "lineSeries",
      "areaSeries",
      "stackedSeries",
      "rollingMean",
    }),
    ["src/charts/axis.ts"] = body(
      'import { linear } from "../scale";',
      typescript,
      { "timeAxis", "valueAxis", "ticks" }
    ),
    ["src/charts/legend.ts"] = body('import { linear } from "../scale";', typescript, { "legend", "swatch" }),
    ["src/pages/revenue.ts"] = body(
      'import { lineSeries } from "../charts/line";',
      typescript,
      { "revenue", "forecast" }
    ),
  },
}

local shop = {
  folder = "work/northwind/shop",
  repository = true,
  files = {
    ["shop/checkout.py"] = body("from shop.cart import Cart, Customer", python, {
      "shipping",
      "vat",
      "vouchers",
      "gift_wrap",
      "loyalty_points",
    }),
    ["shop/cart.py"] = body("from dataclasses import dataclass", python, { "merge", "empty", "reserve" }),
    ["shop/payment.py"] = body("import hmac", python, { "authorize", "capture", "refund" }),
    ["tests/test_checkout.py"] = body(
      "import pytest",
      python,
      { "test_shipping", "test_vat", "test_vouchers" }
    ),
  },
}

local scratch = {
  folder = "src/scratch",
  files = {
    ["primes.py"] = "def primes(limit):\n    sieve = bytearray([1]) * limit\n    return sieve",
    ["notes.md"] = "# To try\n\n- the sieve with a wheel\n- how large a bytearray may be",
    ["life.py"] = "ALIVE = 1\n\n\ndef neighbours(cell):\n    x, y = cell\n    return []",
  },
}

return {
  ["acme-api-pagination"] = {
    projects = { api },
    tasks = {
      { open = "src/orders.rs" },
      { open = "src/pagination.rs" },
      {
        write = {
          "/// Where the next page begins.",
          "#[derive(Debug, Clone, Serialize, Deserialize)]",
          "pub struct Cursor {",
          "pub after: OrderId,",
          "pub limit: u16,",
          "}",
        },
      },
      {
        write = {
          "impl Cursor {",
          "pub const MOST: u16 = 200;",
          "pub fn parse(query: &str) -> Result<Self, Error> {",
          "let bytes = URL_SAFE.decode(query).map_err(|_| Error::BadCursor)?;",
          "serde_json::from_slice(&bytes).map_err(|_| Error::BadCursor)",
        },
        elsewhere = true,
      },
      {
        open = "src/orders.rs",
        write = {
          "let cursor = Cursor::parse(request.query())?;",
          "let page = store.page(cursor).await?;",
        },
      },
      { open = "src/routes.rs", write = { '.route("/orders", get(list_orders))' } },
      {
        open = "src/orders.rs",
        write = { 'response.header("link", page.next_link());', "Ok(response)" },
      },
      {
        open = "src/pagination.rs",
        write = { "pub fn next_link(&self) -> String {", 'format!("<{}>; rel=next", self.next)' },
      },
      { run = "ls src", elsewhere = true },
      {
        open = "tests/orders.rs",
        write = { "#[tokio::test]", "async fn second_page_begins_where_the_first_ended() {" },
      },
      { open = "src/orders.rs" },
      { open = "src/pagination.rs", write = { "// A cursor from an older version still works." } },
    },
  },
  ["acme-api-tests"] = {
    projects = { api },
    tasks = {
      { open = "tests/orders.rs" },
      {
        open = "tests/support/mod.rs",
        write = {
          "pub async fn server() -> TestServer {",
          "TestServer::start(Store::in_memory()).await",
        },
      },
      { run = "ls tests" },
      {
        open = "tests/orders.rs",
        write = {
          "#[tokio::test]",
          "async fn an_empty_page_has_no_next_link() {",
          "let server = support::server().await;",
          'let response = server.get("/orders?limit=10").await;',
          "assert_eq!(response.status(), 200);",
          'assert_eq!(response.header("link"), None);',
        },
      },
      { run = "ls tests/support" },
      { open = "src/pagination.rs", elsewhere = true },
      {
        open = "tests/orders.rs",
        write = {
          "#[tokio::test]",
          "async fn a_forged_cursor_is_refused() {",
          'let response = server.get("/orders?cursor=zzz").await;',
        },
      },
      { run = "ls" },
      { open = "src/pagination.rs", write = { "return Err(Error::BadCursor);" } },
      { open = "tests/orders.rs", write = { "assert_eq!(response.status(), 400);" } },
      { run = "ls src", elsewhere = true },
      {
        open = "tests/support/mod.rs",
        write = { "pub fn seed(store: &Store, orders: usize) {", "for number in 0..orders {" },
      },
      { open = "tests/orders.rs", write = { "support::seed(&server.store, 25);" } },
    },
  },
  ["acme-dashboard-charts"] = {
    projects = { dashboard },
    tasks = {
      { open = "src/charts/line.ts" },
      { open = "src/charts/axis.ts", elsewhere = true },
      {
        write = {
          "export interface Axis {",
          "readonly ticks: readonly Tick[];",
          "readonly format: (value: number) => string;",
          "}",
        },
      },
      {
        write = {
          "export function months(from: Date, to: Date): Tick[] {",
          "const ticks: Tick[] = [];",
          "while (at < to) ticks.push(tick(at));",
        },
      },
      {
        open = "src/charts/line.ts",
        write = { "const axis = months(first.at, last.at);", "return { ...series, axis };" },
      },
      { open = "src/charts/legend.ts" },
      {
        open = "src/pages/revenue.ts",
        write = { "const chart = lineSeries(data.revenue, { smooth: true });" },
        elsewhere = true,
      },
      {
        open = "src/charts/legend.ts",
        write = {
          "export const swatch = (colour: string): string =>",
          "`<span style=background:${colour}></span>`;",
        },
      },
      { open = "src/charts/line.ts" },
      {
        open = "src/pages/revenue.ts",
        write = { "mount(chart, document.querySelector('#revenue'));" },
        elsewhere = true,
      },
      { open = "src/charts/axis.ts", write = { "// The first tick of a year carries the year." } },
      {
        open = "src/charts/line.ts",
        write = { "if (points.length === 0) return empty(options.name);" },
      },
    },
  },
  ["northwind-shop-checkout"] = {
    projects = { shop },
    tasks = {
      { open = "shop/checkout.py" },
      {
        write = {
          "def total(cart: Cart, customer: Customer) -> Decimal:",
          '"""What the customer pays, to the cent."""',
          "net = sum(line.amount for line in cart.lines)",
          "tax = vat(cart, customer)",
          "return (net + tax).quantize(CENT)",
        },
      },
      {
        open = "shop/cart.py",
        write = { "@property", "def is_empty(self) -> bool:", "return not self.lines" },
      },
      { open = "shop/payment.py", elsewhere = true },
      {
        write = {
          "def authorize(order: Order, token: str) -> Authorization:",
          "response = gateway.post('/authorize', order.amount, token)",
        },
      },
      {
        open = "shop/checkout.py",
        write = {
          "authorization = authorize(order, token)",
          "order.authorized_at = authorization.at",
        },
      },
      { run = "ls shop" },
      {
        open = "tests/test_checkout.py",
        write = {
          "def test_total_rounds_once(cart, customer):",
          "assert total(cart, customer) == Decimal('19.99')",
        },
      },
      { run = "ls tests", elsewhere = true },
      { open = "shop/checkout.py" },
      {
        open = "shop/payment.py",
        write = { "except GatewayTimeout:", "raise PaymentPending(order.id)" },
      },
      { open = "tests/test_checkout.py", write = { "with pytest.raises(PaymentPending):" } },
    },
  },
  ["northwind-shop-bugfix"] = {
    projects = { shop, api },
    tasks = {
      { open = "shop/payment.py" },
      {
        open = "tests/test_checkout.py",
        write = {
          "def test_refund_of_a_partial_capture(order):",
          "capture(order, Decimal('5.00'))",
        },
      },
      {
        open = "shop/payment.py",
        write = { "remaining = order.captured - order.refunded", "amount = min(amount, remaining)" },
      },
      { run = "ls tests", elsewhere = true },
      -- A question about the other client's API.
      { open = "../../acme/api/src/orders.rs" },
      { open = "../../acme/api/src/routes.rs" },
      {
        open = "../../acme/api/src/orders.rs",
        write = { "// Cancelled orders keep their number." },
        elsewhere = true,
      },
      { open = "shop/payment.py" },
      {
        write = {
          "if amount <= 0:",
          "raise NothingToRefund(order.id)",
          "gateway.post('/refund', amount, order.token)",
        },
      },
      {
        open = "tests/test_checkout.py",
        write = { "with pytest.raises(NothingToRefund):", "refund(order, Decimal('0'))" },
      },
      { run = "ls" },
      { open = "shop/checkout.py", write = { "from shop.payment import NothingToRefund" } },
      { open = "shop/payment.py" },
    },
  },
  ["scratch"] = {
    projects = { scratch },
    tasks = {
      { open = "notes.md", write = { "- why the wheel is slower at first" } },
      { open = "primes.py" },
      {
        write = {
          "for step in range(2, int(limit ** 0.5) + 1):",
          "if sieve[step]:",
          "sieve[step * step :: step] = bytes(len(sieve[step * step :: step]))",
        },
        elsewhere = true,
      },
      { write = { "if __name__ == '__main__':", "print(sum(primes(1_000_000)))" } },
      { run = "ls" },
      { open = "life.py", write = { "cells = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}" } },
      {
        write = {
          "def step(cells):",
          "counts = Counter(n for cell in cells for n in neighbours(cell))",
          "return {c for c in counts if counts[c] == 3}",
        },
      },
      {
        open = "notes.md",
        write = { "- a glider leaves the torus after 40 steps" },
        elsewhere = true,
      },
      { open = "life.py", write = { "while True:", "show(cells)", "cells = step(cells)" } },
      { open = "primes.py", write = { "# Half the memory: only odd numbers." } },
      { open = "notes.md", write = { "- numpy or not?" } },
      { open = "primes.py" },
      { open = "life.py" },
    },
  },
}
