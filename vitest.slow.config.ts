import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import tests from './vitest.config.js';

/**
 * What takes long, apart from `pnpm test`: networks trained on real digits, the contract suite of every method, the
 * command line, kills.
 */
const config: ViteUserConfig = mergeConfig(
  { ...tests, test: { ...tests.test, projects: undefined, exclude: ['**/node_modules/**', '**/dist/**'] } },
  defineConfig({
    test: {
      testTimeout: 120_000,
      include: [
        'packages/*/{src,test}/**/*.slow.test.ts',
        'examples/{*,methods/*}/{src,test}/**/*.slow.test.ts',
        'tools/**/*.slow.test.ts',
      ],
    },
  }),
);

export default config;
