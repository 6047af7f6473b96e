# Sourced. packages_into <app> <package>…: packs built workspace packages as npm would get them and installs them in <app>,
# so that they and the backend there share one copy of TensorFlow.js.
packages_into() {
  local app=$1 name tarball hash tarballs=() root
  shift
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  rm -rf "$app/packs" && mkdir -p "$app/packs"
  for name in "$@"; do
    (cd "$root/packages/$name" && npx -y pnpm@12 pack --pack-destination "$app/packs" >"$app/packs/$name.log" 2>&1) ||
      { cat "$app/packs/$name.log"; return 1; }
  done
  # A name of its own for every content, or npm would take what it installed last time for the same version.
  for tarball in "$app"/packs/*.tgz; do
    hash=$(sha256sum "$tarball" | cut -c1-12)
    mv "$tarball" "${tarball%.tgz}-$hash.tgz"
    tarballs+=("${tarball%.tgz}-$hash.tgz")
  done
  (cd "$app" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error "${tarballs[@]}" >/dev/null)
}
