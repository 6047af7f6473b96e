import { existsSync } from 'node:fs';
import { modelNames } from '@espalier/models';

/** True for names of architectures that are built here. */
export const isBuiltIn = (name: string): boolean => (modelNames as readonly string[]).includes(name);

/** True for what may be the name of a file: it is there, has a folder in it, or ends as files of networks do. */
export const looksLikeFile = (written: string): boolean =>
  /[\\/]|\.(h5|hdf5|keras|json|safetensors|onnx|[cm]?[jt]s)$/i.test(written) || existsSync(written);
