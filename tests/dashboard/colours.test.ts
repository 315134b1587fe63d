/** The colours of projects are distinct for colour-blind people, and stand out from the page. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const theme = readFileSync(new URL("../../server/present/src/page/style/theme.css", import.meta.url), "utf8");

type Colour = [number, number, number];

/** Returns linear red, green and blue of a colour of the theme. */
function colour(name: string): Colour {
  const [, hex = ""] = new RegExp(`--${name}: #([0-9a-f]{6})`).exec(theme) ?? [];
  return [0, 2, 4].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Colour;
}

function times(matrix: number[][], [one, two, three]: Colour): Colour {
  return matrix.map(([a = 0, b = 0, c = 0]) => a * one + b * two + c * three) as Colour;
}

/** Matrices that simulate the lack of one kind of cones: Machado, Oliveira and Fernandes 2009, at full severity. */
const SIGHTS: Record<string, number[][]> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Converts to OKLab, by Ottosson 2020: distances in it approximate perceived ones. */
function lab(linear: Colour): Colour {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    linear.map((part) => Math.min(Math.max(part, 0), 1)) as Colour,
  ).map(Math.cbrt) as Colour;
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

function luminance(linear: Colour): number {
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

for (const kind of ["l", "d"]) {
  const all = Array.from({ length: 10 }, (_, at) => colour(`${kind}${String(at)}`));

  test(`no two colours of ${kind} look alike to anybody`, () => {
    for (const [sight, matrix] of Object.entries(SIGHTS)) {
      const seen = all.map((one) => lab(times(matrix, one)));
      for (const [at, one] of seen.entries()) {
        for (const [other, two] of seen.entries()) {
          if (other > at) {
            const far = Math.hypot(...one.map((part, axis) => part - (two[axis] ?? 0)));
            assert.ok(far > 0.07, `${sight}: ${String(at)} and ${String(other)} are ${far.toFixed(3)} apart`);
          }
        }
      }
    }
  });

  test(`each colour of ${kind} stands out from the page`, () => {
    const page = luminance(colour(`${kind}-bg`)) + 0.05;
    for (const [at, one] of all.entries()) {
      const own = luminance(one) + 0.05;
      const contrast = Math.max(own, page) / Math.min(own, page);
      assert.ok(contrast >= 3, `${String(at)}: ${contrast.toFixed(2)}`);
    }
  });
}
