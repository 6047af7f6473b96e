import { describe, expect, it } from 'vitest';
import { toyGraph } from '../../test/plan/toy-graph.js';
import { bestLanes, hasWideRegisters, type Registers } from './lanes.js';

describe('tiles', () => {
  it.each<[number, Registers, number]>([
    // 56² = 3136 = 112·28 = 98·32: nothing is wasted, so the register cliff decides.
    [56, 'narrow', 28],
    [56, 'wide', 32],
    // 8² = 64 = 4·16 = 2·32, but 3·28 = 84: a quarter would be wasted.
    [8, 'narrow', 16],
    [8, 'wide', 32],
    // 7² = 49: 2·28 = 56, 4·16 = 64, 2·32 = 64.
    [7, 'narrow', 28],
    [7, 'wide', 28],
    // 256 bits: 56² is 56·56, so 64 lanes are no better; 8² is one tile of 64; 7² is one of 56.
    [56, 'paired', 56],
    [8, 'paired', 64],
    [7, 'paired', 56],
  ])('of an image of side %d are as wide as costs least (%s registers): %d', (side, registers, lanes) => {
    expect(bestLanes(toyGraph(side, 4), registers)).toBe(lanes);
  });

  it.each([
    ['Node 20', { process: { versions: { v8: '11.3.244.8-node.38' } } }, false],
    ['Node 22', { process: { versions: { v8: '12.4.254.21-node.33' } } }, false],
    ['Node 24', { process: { versions: { v8: '13.6.233.17-node.41' } } }, true],
    ['an Electron with a V8 between', { process: { versions: { v8: '13.4.114.21-electron.0' } } }, false],
    ['an Electron with a later V8', { process: { versions: { v8: '13.8.258.31-electron.0' } } }, true],
    ['a later Node', { process: { versions: { v8: '14.6.202.34-node.18' } } }, true],
    ['Chrome 130', { navigator: { userAgent: 'Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/130.0.0.0' } }, false],
    ['Chrome 156', { navigator: { userAgent: 'Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/156.0.0.0' } }, true],
    ['Firefox', { navigator: { userAgent: 'Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Firefox/153.0' } }, true],
    [
      'an engine that was not measured',
      { navigator: { userAgent: 'Mozilla/5.0 Version/18.4 Safari/605.1.15' } },
      false,
    ],
  ])('of 32 pixels are known to be fast or slow in %s', (_, globals, wide) => {
    expect(hasWideRegisters(globals)).toBe(wide);
  });
});
