import { stat } from 'node:fs/promises';
import { UsageError } from '../errors.js';
import { exportFormats } from '../export/definitions.js';
import { type ExportFormat, exportNetwork } from '../export/export-network.js';
import { openSized } from '../network/network-request.js';
import { type ParsedOptions, text } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { createProgress } from '../output/progress.js';
import { chooseBackend } from '../work/backend.js';

/** Runs `export`. */
export async function runExport(given: ParsedOptions): Promise<Outcome> {
  const format = text(given, 'to', exportFormats) as ExportFormat | undefined;
  const out = text(given, 'out');
  if (format === undefined) throw new UsageError(`Name a format with --to: ${exportFormats.join(', ')}.`);
  if (out === undefined) throw new UsageError('Name the file to write with --out, or for tfjs the directory.');
  if (format === 'keras-weights' && (!/\.(h5|hdf5)$/i.test(out) || /\.weights\.h5$/i.test(out))) {
    throw new UsageError(
      `--out is "${out}", but Keras tells the layout by the name: end it in .h5, and not in .weights.h5, which is another layout.`,
    );
  }
  if (given.size !== undefined && format !== 'onnx' && format !== 'tfjs') {
    throw new UsageError(`--size changes nothing of ${format}, which are weights alone. Leave it out.`);
  }
  const progress = createProgress();
  if (given.overwrite !== true) await requireNothing(format === 'tfjs' ? `${out}/model.json` : out);
  await chooseBackend('cpu');
  const { path, checkpoint } = await openSized(given, line => progress.line(line));
  const { files, names } = await exportNetwork(checkpoint, format, out);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const how = names === 'pytorch' ? ", with PyTorch's names and layout" : '';
  return {
    json: { command: 'export', checkpoint: path, to: format, names, files },
    lines: [`Wrote ${files.length === 1 ? out : `${files.length} files to ${out}`}, ${bytes} bytes${how}.`],
    exitCode: 0,
  };
}

async function requireNothing(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found) throw new UsageError(`${path} is there already. Choose another --out, or replace it with --overwrite.`);
}
