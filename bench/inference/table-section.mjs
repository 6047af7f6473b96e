/** As a percentage with at most one digit after the point. */
export const percent = value => `${Number((value * 100).toFixed(1))} %`;

/** Where a report was measured. */
export const machineOf = ({ machine }) => `${machine.processor}, ${machine.cores} cores`;

/**
 * The lines of a report: a heading, the machine if asked for, and a table for every batch. Reports from before batches
 * are of one image.
 */
export function sections(report, withMachine) {
  const { batches = [1] } = report;
  const where = withMachine ? [`On ${machineOf(report)}.`, ''] : [];
  return batches.flatMap(batch => section(report, batch, batches.length > 1, where));
}

function section({ threads, machine, peers, sparsePeers = [], espalier }, batch, several, where) {
  const ofBatch = entry => (entry.batch ?? 1) === batch;
  const dense = peers.filter(ofBatch);
  const own = espalier.filter(ofBatch);
  const columns = [
    ['sparsity', ({ sparsity }) => percent(sparsity)],
    ['FLOP density', ({ flopDensity }) => flopDensity.toFixed(3)],
    ['ms', time],
    ...dense.map(({ name, engine }) => [`× faster than ${engine}`, entry => ratio(entry, name)]),
    ...sparseColumns(sparsePeers, batch),
  ];
  const denseTimes = dense.map(peer => `${peer.engine} ${peer.version} ${time(peer)} ms`).join('; ');
  return [
    `### ${machine.browser ?? `Node ${machine.node.replace('v', '')}`}, ${titleOf(threads, batch, several, own[0])}`,
    '',
    ...where,
    ...(dense.length > 0 ? [`Dense: ${denseTimes}.`, ''] : []),
    row(columns.map(([head]) => head)),
    `|${'---|'.repeat(columns.length)}`,
    ...own.map(entry => row(columns.map(([, cell]) => cell(entry)))),
    '',
  ];
}

const row = cells => `| ${cells.join(' | ')} |`;

function titleOf(threads, batch, several, entry) {
  const ours = [entry?.kernels, entry?.instructions].filter(word => word !== undefined);
  return [
    `${threads} thread${threads > 1 ? 's' : ''}`,
    ...(batch > 1 ? [`${batch} images at once`] : several ? ['one image'] : []),
    ...(ours.length > 0 ? [`ours with ${ours.join(', ')}`] : []),
  ].join(', ');
}

/** Times and ratios of engines that run the sparse weights, with this batch and with larger ones. */
function sparseColumns(peers, batch) {
  const kinds = new Map(peers.filter(peer => peer.batch >= batch).map(peer => [`${peer.name}@${peer.batch}`, peer]));
  return [...kinds.values()].flatMap(({ name, engine, version, batch: size }) => {
    const find = ({ sparsity }) =>
      peers.find(peer => peer.name === name && peer.batch === size && peer.sparsity === sparsity);
    const what = size === batch ? engine : `${engine} with ${size} images`;
    return [
      [`ms of ${size === batch ? `${engine} ${version}` : what}`, entry => time(find(entry))],
      [`× faster than ${what}`, entry => ratio(entry, size === batch ? name : `${name}@${size}`)],
    ];
  });
}

const ratio = ({ timesFaster, timesFasterByMinima }, name) => `${timesFaster[name]} (${timesFasterByMinima[name]})`;

const time = ({ medianMilliseconds: middle, minimumMilliseconds: least }) => `${format(middle)} (${format(least)})`;

const format = milliseconds => milliseconds.toFixed(milliseconds < 10 ? 2 : 1);
