import type { CommandArguments } from '../options/command-arguments.js';

/** Options about a network to learn from. */
export const teaching: CommandArguments = {
  teacher: {
    type: 'string',
    valueHint: 'file',
    description:
      'Trained network to learn from besides the labels, such as the dense one: the directory of its run or any file that --model takes',
  },
  'teacher-weight': {
    type: 'string',
    valueHint: 'fraction',
    description: "How much the teacher's predictions count, from 0 to 1; the labels have the rest (0.5)",
  },
  temperature: {
    type: 'string',
    valueHint: 'number',
    description: 'What the logits of both networks are divided by before they are compared (2)',
  },
  'teacher-layers': {
    type: 'string',
    valueHint: 'layers',
    description: 'Layers of both networks whose outputs are learned too: names or /patterns/, between commas (none)',
  },
  'teacher-layers-weight': {
    type: 'string',
    valueHint: 'number',
    description: 'Factor of the relative error of these outputs in the loss (1)',
  },
};
