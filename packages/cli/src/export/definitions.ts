import type { ArgsDef } from 'citty';

/** Formats of `--to`. */
export const exportFormats = ['tfjs', 'safetensors', 'keras-weights', 'onnx'] as const;

/** Options of `export`. */
export const exporting: ArgsDef = {
  to: { type: 'string', valueHint: 'format', description: `${exportFormats.slice(0, -1).join(', ')} or onnx` },
  size: {
    type: 'string',
    valueHint: 'pixels',
    description:
      "Side of the network's images, or height x width such as 96x128, for onnx and tfjs (that of its input)",
  },
  out: { type: 'string', valueHint: 'path', description: 'File to write; a directory for tfjs' },
  overwrite: { type: 'boolean', description: 'Replace what is there' },
};
