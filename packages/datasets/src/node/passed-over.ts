const leftBehind = new Set([
  '__macosx',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'icon\r',
  '@eadir',
  '#recycle',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  'cvs',
  '__pycache__',
]);

/**
 * True for names of files and folders that tools and systems leave behind and that are part of no dataset: everything
 * that begins with a dot (`.git`, `.ipynb_checkpoints`, `.DS_Store`, `._name`), editors' copies (`name~`, `#name#`),
 * and what archivers, NAS and Windows make. The one rule for folders and archives.
 */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || /~$|^#.*#$/.test(name) || leftBehind.has(name.toLowerCase());
}

/** True if any part of a path with forward slashes is passed over. */
export const isPathPassedOver = (path: string): boolean => path.split('/').some(isPassedOver);

/**
 * True for names of images, by their ending. Formats that cannot be decoded are among them, so that a folder of such
 * images is an error that names one rather than an empty folder.
 */
export const isImageName = (name: string): boolean =>
  /\.(jpe?g|jpe|jfif|png|gif|webp|tiff?|avif|heic|heif|bmp|p[bgpn]m|svg|jp2|jxl)$/i.test(name);
