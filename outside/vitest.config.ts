import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import tests from '../vitest.config.js';

/**
 * The kinds of faults that were found from outside, each tried over its whole kind; its own step, apart from
 * `pnpm test`.
 */
const config: ViteUserConfig = mergeConfig(
  { ...tests, test: { ...tests.test, projects: undefined } },
  defineConfig({ test: { include: ['outside/**/*.test.ts'], testTimeout: 120_000 } }),
);

export default config;
