import { defineConfig, type Options } from 'tsup';

const options: Options = {
  entry: { index: 'src/index.ts' },
  format: 'esm',
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'es2022',
};

export default defineConfig(options);
