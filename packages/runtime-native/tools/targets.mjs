/** Platforms that the addon is built for: flags of the compiler for each instruction set, and what else they need. */
const x64 = {
  avx512: ['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mavx2', '-mfma'],
  avx2: ['-mavx2', '-mfma'],
};
const arm64 = { neon: [] };

// Node loads libraries as well as bundles, and zig makes libraries.
const dynamic = ['-shared', '-undefined', 'dynamic_lookup'];

/**
 * `zig` is what zig calls the platform, `npm` what npm needs to know to install it there. glibc 2.28 is what Node 20
 * asks for itself.
 */
export const targets = {
  'linux-x64-gnu': { instructions: x64, zig: 'x86_64-linux-gnu.2.28', npm: npm('linux', 'x64', 'glibc') },
  'linux-x64-musl': { instructions: x64, zig: 'x86_64-linux-musl', npm: npm('linux', 'x64', 'musl') },
  'linux-arm64-gnu': { instructions: arm64, zig: 'aarch64-linux-gnu.2.28', npm: npm('linux', 'arm64', 'glibc') },
  'linux-arm64-musl': { instructions: arm64, zig: 'aarch64-linux-musl', npm: npm('linux', 'arm64', 'musl') },
  'darwin-x64': { instructions: x64, link: dynamic, zig: 'x86_64-macos', npm: npm('darwin', 'x64') },
  'darwin-arm64': { instructions: arm64, link: dynamic, zig: 'aarch64-macos', npm: npm('darwin', 'arm64') },
  // Node-API lies in node.exe, for which the linker needs an import library.
  'win32-x64': {
    instructions: x64,
    flags: [],
    importLibrary: true,
    zig: 'x86_64-windows-gnu',
    npm: npm('win32', 'x64'),
  },
};

function npm(os, cpu, libc) {
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

/** The name of this platform, as `src/platform.ts` gives it. */
export function targetHere() {
  const base = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') return base;
  // Otherwise the report looks up the names of all computers that this process is connected with.
  process.report.excludeNetwork = true;
  return `${base}-${process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'gnu'}`;
}
