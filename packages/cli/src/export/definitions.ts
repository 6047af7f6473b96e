import type { ArgsDef } from 'citty';

/** Formats of `--to`. */
export const exportFormats = ['tfjs', 'safetensors', 'keras-weights', 'onnx'] as const;

/** Options of `export`. */
export const exporting: ArgsDef = {
  to: { type: 'string', valueHint: 'format', description: `${exportFormats.slice(0, -1).join(', ')} or onnx` },
  out: { type: 'string', valueHint: 'path', description: 'File to write; a directory for tfjs' },
  overwrite: { type: 'boolean', description: 'Replace what is there' },
};
