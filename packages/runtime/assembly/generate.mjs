// The inner loops, one file for each tile width: the same text with as many vectors as the tile has. `kernels.mjs`
// hands them to `tools/assemble.mjs`, which writes them into `generated/`.
//
// Everything is spelled out vector by vector because the sums must stay in registers, and pairs of neighbors stand
// beside each other so that V8 can make one 256-bit instruction of two where it is told to (see
// src/engine/revectorize.ts).
/** Tile widths for which there are kernels. */
const tileWidths = [16, 28, 32, 56, 64];

/** Vectors side by side for which there is a loop over four rows at once. */
const quadWidths = [1, 2, 4];

/** `[file, text]` of everything that is generated. */
export const sources = () => [
  ...tileWidths.map(lanes => source('rows', lanes, rows)),
  ...tileWidths.map(lanes => source('products', lanes, products)),
  ...quadWidths.map(vectors => source('quads', vectors, quads)),
];

function source(kind, size, make) {
  return [`generated/${kind}-${size}.ts`, `// Generated from \`${kind}\` of generate.mjs; do not edit.\n${make(size)}`];
}

/** Lines for every vector of a tile. */
function each(lanes, indent, line) {
  return Array.from({ length: lanes / 4 }, (_, i) => `${' '.repeat(indent)}${line(i)}\n`).join('');
}

const at = (name, i) => (i === 0 ? name : `${name}, ${i * 16}`);

const names = (prefix, lanes) => Array.from({ length: lanes / 4 }, (_, i) => `${prefix}${i}: v128`).join(', ');

function rows(lanes) {
  return `import { atLeastZero, atMostSix, fma, LINEAR, RELU6 } from '../fma';

/**
 * Output rows of one tile of ${lanes} pixels: \`y = activation(start + sum of weight * x)\`, one row at a time in
 * ${lanes / 4} vectors.
 *
 * An entry is 12 bytes: byte offset of the row in the output tile, address where the row's nonzeros end, bias. A
 * nonzero is 8 bytes: byte offset of the row in \`x\`, weight. \`residual\` (0: none) is the tile that is added at the
 * start. Where this is not the first chunk of channels, the sum goes on from what \`y\` holds.
 */
export function rows${lanes}(
  entry: usize, last: usize, nonzero: usize, x: usize, y: usize, residual: usize, first: bool, activation: i32,
): void {
  while (entry < last) {
    const offset = load<u32>(entry);
    const end = load<usize>(entry, 4);
    const out = y + offset;
    let ${names('a', lanes)};
    if (first) {
      const bias = v128.load32_splat(entry, 8);
      if (residual) {
        const from = residual + offset;
${each(lanes, 8, i => `a${i} = f32x4.add(bias, v128.load(${at('from', i)}));`)}      } else {
${each(lanes, 8, i => `a${i} = bias;`)}      }
    } else {
${each(lanes, 6, i => `a${i} = v128.load(${at('out', i)});`)}    }
    entry += 12;
    if (nonzero < end) {
      do {
        const from = x + load<u32>(nonzero);
        const w = v128.load32_splat(nonzero, 4);
        nonzero += 8;
${each(lanes, 8, i => `a${i} = fma(v128.load(${at('from', i)}), w, a${i});`)}      } while (nonzero < end);
    }
    if (activation != LINEAR) {
${each(lanes, 6, i => `a${i} = atLeastZero(a${i});`)}      if (activation == RELU6) {
${each(lanes, 8, i => `a${i} = atMostSix(a${i});`)}      }
    }
${each(lanes, 4, i => `v128.store(out, a${i}${i === 0 ? '' : `, ${i * 16}`});`)}  }
}
`;
}

function products(lanes) {
  const sum = i => 'st'[i % 2];
  // Wide tiles keep both sums, so that V8 sees two neighboring vectors from the load to the store.
  const wide = lanes > 32;
  const start = wide
    ? 'let s = v128.load(sums), t = v128.load(sums, 16);'
    : 'let s = v128.load(sums), t = f32x4.mul(v128.load(from), g0);';
  const line = i => `${sum(i)} = fma(v128.load(${at('from', i)}), g${i}, ${sum(i)});`;
  const narrowLine = i => (i === 0 ? '' : `${sum(i - 1)} = fma(v128.load(${at('from', i)}), g${i}, ${sum(i - 1)});`);
  const end = wide
    ? `v128.store(sums, s);
      v128.store(sums, t, 16);`
    : 'v128.store(sums, f32x4.add(s, t));';
  return `import { fma } from '../fma';

/**
 * For every nonzero of every row: adds the products of its ${lanes} floats of \`x\` and the row's ${lanes} floats of
 * \`dy\` to ${wide ? 'eight' : 'four'} partial sums at \`sums\`. Entries and nonzeros are those of the convolution; see
 * rows-${lanes}.ts.
 */
export function products${lanes}(entry: usize, last: usize, nonzero: usize, sums: usize, x: usize, dy: usize): void {
  while (entry < last) {
    const row = dy + load<u32>(entry);
    const end = load<usize>(entry, 4);
    entry += 12;
${each(lanes, 4, i => `const g${i} = v128.load(${at('row', i)});`)}    while (nonzero < end) {
      const from = x + load<u32>(nonzero);
      ${start}
${each(lanes, 6, wide ? line : narrowLine).replace(/^\s*\n/, '')}      ${end}
      nonzero += 8;
      sums += ${wide ? 32 : 16};
    }
  }
}
`;
}

/** As `rows`, for `vectors` vectors of four rows at once. */
function quads(vectors) {
  const all = [0, 1, 2, 3].flatMap(row => Array.from({ length: vectors }, (_, i) => ({ row, i, a: `a${row}${i}` })));
  const lines = (indent, line) => all.map(each => `${' '.repeat(indent)}${line(each)}\n`).join('');
  const rowLines = (indent, line) => [0, 1, 2, 3].map(row => `${' '.repeat(indent)}${line(row)}\n`).join('');
  const inner = rowLines(6, row =>
    [
      `const w${row} = v128.load32_splat(nonzero, ${4 + 4 * row});`,
      ...all.filter(each => each.row === row).map(({ a, i }) => `${a} = fma(x${i}, w${row}, ${a});`),
    ].join('\n      '),
  );
  return `import { atLeastZero, atMostSix, fma, LINEAR, RELU6 } from '../fma';

/**
 * Four output rows that have the same places, ${vectors * 4} pixels of them: what is read of \`x\` serves all four.
 *
 * An entry is 36 bytes: address where the quad's nonzeros end, and for every row its byte offset in the output tile and
 * its bias. A nonzero is 20 bytes: byte offset of the row in \`x\`, four weights. The rest is as in rows-28.ts.
 */
export function quads${vectors}(
  entry: usize, nonzero: usize, x: usize, y: usize, residual: usize, first: bool, activation: i32,
): void {
  const end = load<usize>(entry);
${rowLines(2, row => `const y${row} = y + load<u32>(entry, ${4 + 8 * row});`)}  let ${all.map(({ a }) => `${a}: v128`).join(', ')};
  if (first) {
${rowLines(4, row => `const b${row} = v128.load32_splat(entry, ${8 + 8 * row});`)}    if (residual) {
${rowLines(6, row => `const r${row} = residual + load<u32>(entry, ${4 + 8 * row});`)}${lines(6, ({ a, row, i }) => `${a} = f32x4.add(b${row}, v128.load(${at(`r${row}`, i)}));`)}    } else {
${lines(6, ({ a, row }) => `${a} = b${row};`)}    }
  } else {
${lines(4, ({ a, row, i }) => `${a} = v128.load(${at(`y${row}`, i)});`)}  }
  if (nonzero < end) {
    do {
      const from = x + load<u32>(nonzero);
${each(vectors * 4, 6, i => `const x${i} = v128.load(${at('from', i)});`)}${inner}      nonzero += 20;
    } while (nonzero < end);
  }
  if (activation != LINEAR) {
${lines(4, ({ a }) => `${a} = atLeastZero(${a});`)}    if (activation == RELU6) {
${lines(6, ({ a }) => `${a} = atMostSix(${a});`)}    }
  }
${lines(2, ({ a, row, i }) => `v128.store(y${row}, ${a}${i === 0 ? '' : `, ${i * 16}`});`)}}
`;
}
