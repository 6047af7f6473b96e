/**
 * Builds the addon: `node tools/build.mjs [--cc <compiler>] [--sanitize] [--out <file>] [--target <platform>]`. By
 * default for this platform with gcc or clang (or what `CC` names) into `built/<platform>.node`, where `src/find.ts`
 * looks first.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { targetHere, targets } from './targets.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    cc: { type: 'string' },
    sanitize: { type: 'boolean', default: false },
    out: { type: 'string' },
    target: { type: 'string', default: targetHere() },
  },
});
const target = targets[values.target];
if (target === undefined) fail(`--target is one of ${Object.keys(targets).join(', ')}`);
const compiler = (values.cc ?? process.env.CC ?? target.compiler ?? 'cc').split(' ');
const output = values.out ?? join(here, 'built', `${values.target}.node`);
const headers = createRequire(import.meta.url)('node-api-headers').include_dir;
const common = [
  '-std=c11',
  '-O3',
  // Products and sums are fused where the source says so and nowhere else: results are those of WebAssembly.
  '-ffp-contract=off',
  // Records are read through structures, whatever was written there.
  '-fno-strict-aliasing',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  '-Werror',
  ...(target.flags ?? ['-fPIC']),
  ...(values.sanitize
    ? ['-fsanitize=address,undefined', '-fno-sanitize=alignment', '-fno-omit-frame-pointer', '-g']
    : []),
];

const folder = mkdtempSync(join(tmpdir(), 'espalier-native-'));
try {
  const objects = [
    compile('addon.c', [`-I${headers}`]),
    compile('check.c', []),
    ...Object.entries(target.instructions).map(([name, flags]) =>
      compile('kernels.c', [`-DINSTRUCTIONS=${name}`, ...flags], `kernels-${name}.o`),
    ),
  ];
  mkdirSync(dirname(output), { recursive: true });
  run([...common, ...(target.link ?? ['-shared']), ...objects, ...(target.libraries ?? []), '-o', output]);
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`built ${output}`);

function compile(source, flags, object = `${basename(source, '.c')}.o`) {
  const path = join(folder, object);
  run([...common, ...flags, '-c', join(here, 'native', source), '-o', path]);
  return path;
}

function run(parameters) {
  try {
    execFileSync(compiler[0], [...compiler.slice(1), ...parameters], { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    fail(
      error.code === 'ENOENT'
        ? `there is no compiler ${compiler[0]}; install gcc or clang, or name one with --cc`
        : 'the compiler failed; its message is above',
    );
  }
}

function fail(message) {
  console.error(`native:build: ${message}.`);
  process.exit(1);
}
