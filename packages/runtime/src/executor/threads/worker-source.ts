import { CONTROL } from './control-block.js';
import { takePart } from './take-part.js';
import { sleepOn, work } from './work.js';

/** The program of a worker, for Node and browsers alike. */
export function workerSource(): string {
  return `'use strict';
const layout = ${JSON.stringify(CONTROL)};
const takePart = ${takePart.toString()};
const sleepOn = ${sleepOn.toString()};
const work = ${work.toString()};
if (typeof require === 'function') {
  const { parentPort } = require('node:worker_threads');
  parentPort.once('message', order =>
    work(layout, takePart, sleepOn, order, said => parentPort.postMessage(said), require));
} else {
  self.onmessage = ({ data }) => {
    work(layout, takePart, sleepOn, data, said => self.postMessage(said));
    self.close();
  };
}
`;
}
