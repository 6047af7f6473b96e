import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

/** Tests run on sources, so a test never sees a stale build; child processes use the built packages. */
const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      { find: /^@espalier\/testing$/, replacement: fileURLToPath(new URL('./testing/index.ts', import.meta.url)) },
      { find: /^@espalier\/([^/]+)$/, replacement: source('$1/src/index.ts') },
      { find: /^@espalier\/([^/]+)\/([^/]+)$/, replacement: source('$1/src/$2/index.ts') },
    ],
  },
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'examples/{*,methods/*}/{src,test}/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.slow.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Printed once a process by TensorFlow.js, whatever backend is in use.
    onConsoleLog: log => !log.includes('looks like you are running TensorFlow.js in Node.js'),
  },
});

export default config;
