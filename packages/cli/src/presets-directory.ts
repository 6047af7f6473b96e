/** Directory of the presets, beside the sources and beside the built files. */
export const presetsDirectory: URL = new URL('../presets/', import.meta.url);
