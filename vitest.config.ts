import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

const tests = [
  'packages/*/{src,test}/**/*.test.ts',
  'examples/{*,methods/*}/{src,test}/**/*.test.ts',
  'tools/**/*.test.ts',
];
const never = ['**/node_modules/**', '**/dist/**', '**/*.slow.test.ts'];
/** Replace modules, register kernels or switch on features of the whole process: these have a process for each file. */
const alone = ['packages/*/{src,test}/**/*.alone.test.ts', 'packages/{backend,runtime}/**/*.test.ts'];

/**
 * Tests run on sources, so a test never sees a stale build; child processes use the built packages. Files share a
 * process, since loading TensorFlow.js takes longer than most of them.
 */
const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      { find: /^@espalier\/testing$/, replacement: fileURLToPath(new URL('./testing/index.ts', import.meta.url)) },
      { find: /^@espalier\/([^/]+)$/, replacement: source('$1/src/index.ts') },
      { find: /^@espalier\/([^/]+)\/([^/]+)$/, replacement: source('$1/src/$2/index.ts') },
    ],
  },
  test: {
    projects: [
      { extends: true, test: { name: 'together', include: tests, exclude: [...never, ...alone], isolate: false } },
      { extends: true, test: { name: 'alone', include: alone, exclude: never } },
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Printed once a process by TensorFlow.js, whatever backend is in use.
    onConsoleLog: log => !log.includes('looks like you are running TensorFlow.js in Node.js'),
  },
});

export default config;
