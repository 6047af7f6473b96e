import { registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { noteRegistrations, registeredTrainingKernels } from './training-kernels.js';

const kernel = (kernelName: string): Parameters<typeof registerKernel>[0] => ({
  kernelName,
  backendName: 'imagined',
  kernelFunc: () => [],
});

describe('noteRegistrations', () => {
  it('notes kernels that were added and replaced, sorted, and not those that were there', async () => {
    for (const name of ['Stays', 'Replaced']) registerKernel(kernel(name));
    await noteRegistrations('imagined', async () => {
      registerKernel(kernel('New'));
      unregisterKernel('Replaced', 'imagined');
      registerKernel(kernel('Replaced'));
      registerKernel(kernel('Added'));
    });
    expect(registeredTrainingKernels('imagined')).toEqual(['Added', 'New', 'Replaced']);
  });

  it('registers once, however often it is called', async () => {
    let calls = 0;
    for (let i = 0; i < 2; i++) await noteRegistrations('once', () => calls++);
    expect(calls).toBe(1);
  });

  it('tries again after a registration that failed', async () => {
    await expect(noteRegistrations('flaky', () => Promise.reject(new Error('no SIMD')))).rejects.toThrow('no SIMD');
    expect(registeredTrainingKernels('flaky')).toEqual([]);
    await noteRegistrations('flaky', () => registerKernel({ ...kernel('Late'), backendName: 'flaky' }));
    expect(registeredTrainingKernels('flaky')).toEqual(['Late']);
  });
});
