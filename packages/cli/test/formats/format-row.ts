import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ExportFormat } from '../../src/export/export-network.js';

/** Inputs with the channels last, and what a network makes of them. */
export interface Judged {
  readonly shape: readonly number[];
  readonly input: Float32Array;
  readonly logits: readonly number[];
}

/** A format that networks are read from. */
export interface FormatRow {
  /** What the table calls it. */
  readonly format: string;
  /** Options of every command that name the network; files that are made for it go into the folder. */
  readonly options: (folder: string) => Promise<{ readonly model: string; readonly weights?: string }>;
  /** Who says what the network gives. */
  readonly said: string;
  /** What is said. */
  readonly judged: () => Promise<Judged>;
  /** The same for images of other sides than the network is built for, where only such were judged. */
  readonly elsewhere?: () => Promise<Judged>;
  /** What `export --to` is for this format: the name, `checkpoint` for what every command writes, or nothing. */
  readonly written: ExportFormat | 'checkpoint' | 'none';
}

/** A file that is no network, or not one by itself, and the code of the refusal. */
export interface RefusedRow {
  readonly format: string;
  readonly make: (folder: string) => Promise<string>;
  readonly code: string;
  /** What the error says to do, for the table; it stands in the message. */
  readonly remedy: string;
  readonly told: string | RegExp;
}

/** A file of the tests of another package. */
export const fixture = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

/** What is in it. */
export const parsed = <Content>(name: string): Content => JSON.parse(readFileSync(fixture(name), 'utf8')) as Content;

/** Images with the channels in front, turned. */
export function channelsLast(
  values: ArrayLike<number>,
  [batch = 1, channels = 1, height = 1, width = 1]: readonly number[],
): Omit<Judged, 'logits'> {
  const turned = new Float32Array(values.length);
  const places = height * width;
  for (let at = 0; at < values.length; at++) {
    const [example, channel, place] = [
      Math.floor(at / (channels * places)),
      Math.floor(at / places) % channels,
      at % places,
    ];
    turned[(example * places + place) * channels + channel] = values[at] ?? 0;
  }
  return { shape: [batch, height, width, channels], input: turned };
}
