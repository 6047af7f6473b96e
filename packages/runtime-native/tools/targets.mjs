/** Platforms that the addon is built for: flags of the compiler for each instruction set, and what else they need. */
const x64 = {
  avx512: ['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mavx2', '-mfma'],
  avx2: ['-mavx2', '-mfma'],
};
const arm64 = { neon: [] };

export const targets = {
  'linux-x64-gnu': { instructions: x64 },
  'linux-x64-musl': { instructions: x64 },
  'linux-arm64-gnu': { instructions: arm64 },
  'linux-arm64-musl': { instructions: arm64 },
  'darwin-x64': { instructions: x64, link: ['-bundle', '-undefined', 'dynamic_lookup'] },
  'darwin-arm64': { instructions: arm64, link: ['-bundle', '-undefined', 'dynamic_lookup'] },
};

/** The name of this platform, as `src/platform.ts` gives it. */
export function targetHere() {
  const base = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') return base;
  return `${base}-${process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'gnu'}`;
}
