import { editHeader, headerOf, reseal } from './forge.js';

/** Seeded integers in [0, limit), Marsaglia's xorshift32. */
export type Dice = (limit: number) => number;

/** A changed copy of a file; now and then an equal one. */
export type Mutation = (file: Uint8Array, roll: Dice) => Uint8Array;

export function dice(seed: number): Dice {
  let state = seed | 0 || 1;
  return limit => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const pick = <T>(roll: Dice, options: readonly T[]): T => options[roll(options.length)]!;

/** JSON texts that readers stumble over. */
const nasty = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '0.5',
  '1e999',
  '-1e999',
  '1e-999',
  '9007199254740991',
  '9007199254740992',
  '4294967296',
  '2147483648',
  '""',
  '"__proto__"',
  '"toString"',
  '"F64"',
  '"U8"',
  '"BOOL"',
  '"\\ud800"',
  '[]',
  '{}',
  '[[]]',
  '[0]',
  '[0,0]',
  '[-1]',
  '[4294967296,4294967296]',
  '[9007199254740991,2]',
  '[0,9007199254740991]',
  '{"__proto__":null}',
  '{"a":1,"a":2}',
  `[${Array(20).fill(1)}]`,
  '['.repeat(5000),
  '['.repeat(300) + ']'.repeat(300),
  '"x\u0000"',
  '"[]"',
  '"{}"',
  '"null"',
  '"1"',
];

/** Every JSON value inside a text, as [start, end) of what a simple scanner takes for one. */
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|[[\]{}:,]/g;

/** Replaces, removes, repeats or exchanges one token. */
function editTokens(text: string, roll: Dice): string {
  const tokens = [...text.matchAll(token)];
  const one = pick(roll, tokens);
  const other = pick(roll, tokens);
  const { index } = one;
  const end = index + one[0].length;
  const replaced = (by: string): string => text.slice(0, index) + by + text.slice(end);
  switch (roll(6)) {
    case 0:
      return replaced('');
    case 1:
      return replaced(`${one[0]},${one[0]}`);
    case 2:
      return replaced(other[0]);
    case 3: {
      const number = Number(one[0]);
      return replaced(
        Number.isNaN(number) ? pick(roll, nasty) : String(number + pick(roll, [-1, 1, 0.5, 8, -number, 1e15])),
      );
    }
    case 4:
      return one[0].startsWith('"{') || one[0].startsWith('"[')
        ? replaced(editText(one[0], roll))
        : replaced(pick(roll, nasty));
    default:
      return replaced(pick(roll, nasty));
  }
}

/** Edits the JSON that a JSON string holds. */
function editText(literal: string, roll: Dice): string {
  return JSON.stringify(editTokens(JSON.parse(literal) as string, roll));
}

/** One edit of a random metadata entry's own JSON. */
function editManifest(header: string, roll: Dice): string {
  const literals = [...header.matchAll(/"(?:[^"\\]|\\.)*"/g)].filter(
    ([text]) => text.startsWith('"{') || text.startsWith('"['),
  );
  const [literal] = pick(roll, literals);
  return header.replace(literal, () => editText(literal, roll));
}

const bytesOf = (file: Uint8Array, roll: Dice, limit: number): Buffer =>
  Buffer.from(Array.from({ length: 1 + roll(limit) }, () => (roll(2) ? roll(256) : file[roll(file.length)]!)));

/** Damage that does not know of the checksum: every changed file must be refused. */
export const damages: readonly Mutation[] = [
  function flipBits(file, roll) {
    const damaged = file.slice();
    for (let flips = 1 + roll(4); flips > 0; flips--) damaged[roll(file.length)]! ^= 1 << roll(8);
    return damaged;
  },
  function truncate(file, roll) {
    return file.slice(0, roll(file.length));
  },
  function insert(file, roll) {
    const at = roll(file.length + 1);
    return Buffer.concat([file.subarray(0, at), bytesOf(file, roll, 16), file.subarray(at)]);
  },
  function remove(file, roll) {
    const at = roll(file.length);
    return Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + roll(16))]);
  },
  function overwrite(file, roll) {
    const damaged = file.slice();
    const at = roll(file.length);
    damaged.set(bytesOf(file, roll, 16).subarray(0, file.length - at), at);
    return damaged;
  },
  function claimHeader(file, roll) {
    const damaged = file.slice();
    const claim = pick(roll, [
      0n,
      1n,
      2n,
      2n ** 31n,
      2n ** 32n,
      2n ** 53n,
      2n ** 63n,
      2n ** 64n - 1n,
      99_999_999n,
      BigInt(roll(9999)),
    ]);
    new DataView(damaged.buffer).setBigUint64(0, claim, true);
    return damaged;
  },
  function edit(file, roll) {
    return editHeader(file, header => editTokens(header, roll));
  },
  function editInside(file, roll) {
    return editHeader(file, header => editManifest(header, roll));
  },
];

/** Attacks that make header length and checksum right again: accepted only if the result keeps every promise. */
export const forgeries: readonly Mutation[] = [
  function forgeHeader(file, roll) {
    return reseal(editHeader(file, header => editTokens(header, roll)));
  },
  function forgeManifest(file, roll) {
    return reseal(editHeader(file, header => editManifest(header, roll)));
  },
  function forgeManifestTwice(file, roll) {
    return reseal(editHeader(file, header => editManifest(editManifest(header, roll), roll)));
  },
  function forgeData(file, roll) {
    const forged = file.slice();
    const start = 8 + Buffer.byteLength(headerOf(file));
    if (start < file.length) forged[start + roll(file.length - start)] = roll(256);
    return reseal(forged);
  },
  function forgeLength(file, roll) {
    return reseal(roll(2) ? Buffer.concat([file, bytesOf(file, roll, 8)]) : file.slice(0, file.length - 1 - roll(8)));
  },
];
