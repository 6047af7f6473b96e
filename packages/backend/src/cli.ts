#!/usr/bin/env node
import { EspalierError, visibleJson, visibleText } from '@espalier/core';
import { defineCommand, runMain } from 'citty';
import { installNative, NativeInstallError } from './node/install-native/index.js';

const install = defineCommand({
  meta: {
    name: 'install-native',
    description: 'Build the native addon of tfjs-node against an installed pip TensorFlow and check that it trains',
  },
  args: {
    tensorflow: { type: 'string', description: 'Virtual environment or folder with TensorFlow', valueHint: 'path' },
    'node-package': { type: 'string', description: 'Folder of tfjs-node or tfjs-node-gpu', valueHint: 'folder' },
    gpu: { type: 'boolean', description: 'Build tfjs-node-gpu against a TensorFlow with CUDA', default: false },
    json: { type: 'boolean', description: 'Print the outcome as JSON', default: false },
  },
  run: async ({ args }) => {
    const { tensorflow, gpu, json, 'node-package': nodePackage } = args;
    try {
      const installation = await installNative({
        gpu,
        ...(tensorflow ? { tensorflow } : {}),
        ...(nodePackage ? { nodePackage } : {}),
        onProgress: stage => console.error(shown(`${stage} …`)),
      });
      if (json) return print(installation);
      const { losses, tensorflowVersion, addon } = installation;
      console.log(shown(`Done: ${installation.nodePackage} now trains on TensorFlow ${tensorflowVersion}.`));
      console.log(`Losses of the check: ${losses.map(loss => loss.toFixed(3)).join(', ')}`);
      console.log(shown(`Addon: ${addon}`));
      if (gpu && !installation.usesGpu)
        console.log('It sees no GPU here: check nvidia-smi, and that the wheel came with its CUDA libraries.');
    } catch (error) {
      if (!EspalierError.isInstance(error)) throw error;
      process.exitCode = 1;
      if (json) return print({ code: error.code, message: error.message });
      const [problem, remedy] =
        error instanceof NativeInstallError ? [error.problem, error.remedy] : [error.message, ''];
      console.error(shown(`${error.code}: ${problem}\n${remedy}`));
    }
  },
});

function print(value: object): void {
  console.log(visibleJson(value));
}

/** Text for people; what a program that failed said, and paths in it, must not steer the terminal. */
function shown(text: string): string {
  return text
    .split('\n')
    .map(line => visibleText(line))
    .join('\n');
}

await runMain(
  defineCommand({
    meta: { name: 'espalier-backend', description: 'TensorFlow.js backends for training' },
    subCommands: { 'install-native': install },
  }),
);
