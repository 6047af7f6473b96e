#!/usr/bin/env bash
# The runtime's whole test suite on the best native kernels of this processor, the tests of kernels and plans on the others, and
# on kernels that the address and undefined-behavior sanitizers watch. Skips, with the reason, where there is no C
# compiler. The last line counts tests. What was built before is there again afterwards.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
cc=${CC:-cc}
# The engine is left open, so that native kernels are taken where there are some.
unset ESPALIER_ENGINE

skip() { echo "native-kernels: skipped ($1)"; exit 0; }
command -v "${cc%% *}" >/dev/null || skip "no C compiler"
[ -f packages/core/dist/index.js ] || npx -y pnpm@12 exec turbo run build '--filter=./packages/*' --output-logs=errors-only || exit 1

package=packages/runtime-native
work=$(mktemp -d)
[ -d "$package/built" ] && cp -r "$package/built" "$work/built"
restore() {
  rm -rf "$package/built"
  [ -d "$work/built" ] && cp -r "$work/built" "$package/built"
  rm -rf "$work"
}
trap restore EXIT

build() { node "$package/tools/build.mjs" "$@" || { echo "native-kernels: FAILED (the build)"; exit 1; }; }

passed=0
failed=0
# suite NAME EXPECTED FILE...: runs tests, which must find exactly these native kernels; the plans of one of them say that
# they were compiled with them.
suite() {
  local name=$1 expected=$2 report="$work/report.json" ran failed_now used
  shift 2
  rm -f "$report"
  ESPALIER_EXPECT_NATIVE=$expected npx vitest run --reporter=dot --reporter=json --outputFile.json="$report" "$@" \
    >"$work/log" 2>&1 || tail -n 60 "$work/log"
  read -r ran failed_now used < <(node -e '
    const { numPassedTests, numFailedTests, success, testResults } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    const says = `native plans (${process.argv[2]}) are what is compiled unless told otherwise`;
    const used = testResults.some(({ assertionResults }) => assertionResults.some(({ fullName, status }) =>
      fullName.startsWith(says) && status === "passed"));
    // A process that died leaves no failed test.
    console.log(numPassedTests, Math.max(numFailedTests, success ? 0 : 1), used);
  ' "$report" "$expected" 2>/dev/null || echo 0 1 false)
  [ "$used" = true ] || { echo "native-kernels: FAILED ($name: plans were not compiled with native kernels)"; failed_now=$((failed_now + 1)); }
  echo "native-kernels: $name: $ran passed, $failed_now failed ($SECONDS s)"
  passed=$((passed + ran))
  failed=$((failed + failed_now))
}

build
sets=$(node "$package/tools/instruction-sets.mjs") || skip "$sets"
echo "native-kernels: this processor has $sets"
tests=(packages/runtime packages/runtime-native)
for set in $sets; do
  build --only "$set"
  suite "$set" "$set" "${tests[@]}"
  # The whole suite with the best instructions; of the others what computes.
  tests=(packages/runtime/test/native packages/runtime/src/kernels packages/runtime/src/plan)
done

sanitizer=$("$cc" -print-file-name=libasan.so 2>/dev/null)
if [ -f "$sanitizer" ]; then
  build --sanitize
  export LD_PRELOAD=$sanitizer ASAN_OPTIONS=detect_leaks=0:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1
  # Each run of a watched kernel takes some ten times as long.
  export ESPALIER_FUZZ_RUNS=15
  suite sanitizers "${sets// / and }" packages/runtime/test/native packages/runtime/src/kernels/{convolution,depthwise,dense,pool,operations} \
    packages/runtime/src/plan/{plan,compile,models}.test.ts
  unset LD_PRELOAD
else
  echo "native-kernels: sanitizers: skipped ($cc has no libasan)"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
