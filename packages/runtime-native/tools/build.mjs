/**
 * Builds the addon: `node tools/build.mjs [--cc <compiler>] [--sanitize] [--out <file>] [--target <platform>] [--only
 * <instructions>]`. By default for this platform with gcc or clang (or what `CC` names) into `built/<platform>.node`,
 * where `src/find.ts` looks first. `--cc "zig cc"` builds for any platform.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    only: { type: 'string' },
  },
});
const target = targets[values.target];
if (target === undefined) fail(`--target is one of ${Object.keys(targets).join(', ')}`);
const instructions = Object.entries(target.instructions).filter(([name]) => name === (values.only ?? name));
if (instructions.length === 0) fail(`--only is one of ${Object.keys(target.instructions).join(', ')}`);
const compiler = (values.cc ?? process.env.CC ?? 'cc').split(' ');
// Of one that builds for every platform, this one.
if (compiler[0] === 'zig' || compiler.includes('ziglang')) {
  if (!compiler.includes('-target')) compiler.push('-target', target.zig);
}
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
    ? [
        '-fsanitize=address,undefined',
        '-fno-sanitize=alignment',
        '-fno-sanitize-recover=all',
        '-fno-omit-frame-pointer',
        '-g',
      ]
    : []),
];

const folder = mkdtempSync(join(tmpdir(), 'espalier-native-'));
try {
  const objects = [
    compile('addon.c', [`-I${headers}`, ...instructions.map(([name]) => `-DWITH_${name}`)]),
    compile('check.c', []),
    ...instructions.map(([name, flags]) =>
      compile('kernels.c', [`-DINSTRUCTIONS=${name}`, ...flags], `kernels-${name}.o`),
    ),
  ];
  mkdirSync(dirname(output), { recursive: true });
  const libraries = target.importLibrary ? [importLibrary()] : [];
  run([...common, ...(target.link ?? ['-shared']), ...objects, ...libraries, '-s', '-o', output]);
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`built ${output}`);

function compile(source, flags, object = `${basename(source, '.c')}.o`) {
  const path = join(folder, object);
  run([...common, ...flags, '-c', join(here, 'native', source), '-o', path]);
  return path;
}

/** What the linker knows of node.exe, made of the list of its functions that node-api-headers has. */
function importLibrary() {
  const library = join(folder, 'node_api.lib');
  const tool = compiler.slice(0, compiler.lastIndexOf('cc'));
  const definition = join(headers, '..', 'def', 'node_api.def');
  const definitions = [definition, join(headers, '..', 'def', 'js_native_api.def')].map(path =>
    readFileSync(path, 'utf8'),
  );
  const merged = join(folder, 'node.def');
  writeFileSync(merged, definitions.join('\n'));
  run(['dlltool', '-m', 'i386:x86-64', '-D', 'node.exe', '-d', merged, '-l', library], tool);
  return library;
}

function run(parameters, command = compiler) {
  try {
    execFileSync(command[0], [...command.slice(1), ...parameters], { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    fail(
      error.code === 'ENOENT'
        ? `there is no compiler ${command[0]}; install gcc or clang, or name one with --cc`
        : 'the compiler failed; its message is above',
    );
  }
}

function fail(message) {
  console.error(`native:build: ${message}.`);
  process.exit(1);
}
