/** First byte and full length out of `Content-Range: bytes 5-9/10`; the length may be unknown (`*`). */
export function parseContentRange(headers: Headers): { start: number; total: number | undefined } | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (match === null) return undefined;
  return { start: Number(match[1]), total: match[3] === '*' ? undefined : Number(match[3]) };
}

/** Full length out of the `Content-Range` of a 416 answer: `bytes * /10` without the space. */
export function bytesFrom(headers: Headers): number | undefined {
  const match = /^bytes \*\/(\d+)$/.exec(headers.get('content-range') ?? '');
  return match === null ? undefined : Number(match[1]);
}

/** Length of a whole body, or unknown if it is not said or was compressed for the way. */
export function wholeLength(headers: Headers): number | undefined {
  const encoding = headers.get('content-encoding');
  const length = headers.get('content-length');
  if (length === null || !/^\d+$/.test(length) || (encoding !== null && encoding !== 'identity')) return undefined;
  return Number(length);
}

/** What `If-Range` may use: an ETag that is not weak, or else the date of the last change. */
export function strongValidator(headers: Headers): string | undefined {
  const tag = headers.get('etag');
  if (tag !== null && !tag.startsWith('W/')) return tag;
  return headers.get('last-modified') ?? undefined;
}
