import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Training on the pure JavaScript backend takes a while on a busy machine. */
const config: ViteUserConfig = defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000 } });

export default config;
