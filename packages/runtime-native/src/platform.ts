/** What of `process` names the platform. */
export interface Host {
  readonly platform: string;
  readonly arch: string;
  readonly report?: { excludeNetwork?: boolean; getReport?(): unknown };
}

/**
 * The name of this platform's binaries, as in `linux-x64-gnu`: operating system, processor and, on Linux, C library.
 */
export function platformOf(host: Host): string {
  const base = `${host.platform}-${host.arch}`;
  return host.platform === 'linux' ? `${base}-${usesGlibc(host) ? 'gnu' : 'musl'}` : base;
}

/** Node's report names the version of glibc it runs with, and nothing elsewhere. */
function usesGlibc({ report }: Host): boolean {
  if (report?.getReport === undefined) return false;
  const { excludeNetwork } = report;
  // It would look up the names of all computers that this process is connected with.
  report.excludeNetwork = true;
  const said = report.getReport() as { header?: { glibcVersionRuntime?: string } };
  if (excludeNetwork !== undefined) report.excludeNetwork = excludeNetwork;
  return said.header?.glibcVersionRuntime !== undefined;
}
