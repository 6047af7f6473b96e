import { MalformedDataError } from '../../errors.js';

/** The error for a folder, table or archive of one's own that is not as such ones have to be. */
export const malformedImages = (source: string, problem: string, options: ErrorOptions = {}): MalformedDataError =>
  new MalformedDataError(source, problem, { ...options, remedy: 'Correct that, or name other images.' });

/** The error for an image that cannot be decoded. */
export const damagedImage = (source: string, problem: string, options: ErrorOptions = {}): MalformedDataError =>
  new MalformedDataError(source, problem, {
    ...options,
    remedy: 'Replace it; damaged images of your own are left out with the option skipDamaged.',
  });
