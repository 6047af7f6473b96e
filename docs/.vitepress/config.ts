import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type DefaultTheme, defineConfig, type UserConfig } from 'vitepress';

const docs = new URL('../', import.meta.url);

/** One item per decision record, newest first, under the title it gives itself. */
function decisions(): DefaultTheme.SidebarItem[] {
  return readdirSync(new URL('decisions/', docs))
    .filter(file => file.endsWith('.md') && file !== 'index.md')
    .sort()
    .reverse()
    .map(file => {
      const [title] = readFileSync(new URL(`decisions/${file}`, docs), 'utf8').split('\n', 1);
      return { text: title?.replace(/^#\s*/, '') ?? file, link: `/decisions/${file.replace(/\.md$/, '')}` };
    });
}

/** The API's sidebar, which TypeDoc writes. */
function reference(): DefaultTheme.SidebarItem[] {
  const file = new URL('api/typedoc-sidebar.json', docs);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DefaultTheme.SidebarItem[]) : [];
}

const guide: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      { text: 'Getting started', link: '/guide/getting-started' },
      { text: 'What masks buy, and what not', link: '/guide/honest-numbers' },
    ],
  },
  {
    text: 'The three interfaces',
    items: [
      { text: 'Mask', link: '/guide/masks' },
      { text: 'Scheduler', link: '/guide/schedules' },
      { text: 'Optimizer hook', link: '/guide/optimizer-hook' },
    ],
  },
  {
    text: 'Further',
    items: [
      { text: 'Choose a method', link: '/guide/choose-a-method' },
      { text: 'Write your own method', link: '/guide/write-a-method' },
      { text: 'Architecture', link: '/architecture' },
      { text: 'Checkpoints', link: '/guide/checkpoints' },
      { text: 'Checkpoint format', link: '/checkpoint-format' },
      { text: 'Run a sparse checkpoint', link: '/guide/run-it' },
      { text: 'Transfer a sparse checkpoint', link: '/guide/transfer' },
      { text: 'Backends', link: '/guide/backends' },
      { text: 'Command line', link: '/guide/command-line' },
      { text: 'Recipes', link: '/guide/recipes' },
    ],
  },
  {
    text: 'What the methods do',
    items: [
      { text: 'Names and common ground', link: '/methods/' },
      { text: 'Magnitude, IMP, distributions', link: '/methods/magnitude' },
      { text: 'RigL, SET, static, GraNet', link: '/methods/rigl' },
      { text: 'Lottery tickets', link: '/methods/lth' },
      { text: 'AC/DC', link: '/methods/acdc' },
      { text: 'Grow-and-prune', link: '/methods/gap' },
      { text: 'Soft thresholds (STR)', link: '/methods/str' },
      { text: 'WoodFisher', link: '/methods/woodfisher' },
      { text: 'Transfer', link: '/methods/transfer' },
    ],
  },
];

const config: UserConfig<DefaultTheme.Config> = defineConfig({
  title: 'Espalier',
  description: 'Composable neural-network pruning for TensorFlow.js',
  srcExclude: ['node_modules/**'],
  cleanUrls: true,
  lastUpdated: false,
  // The search index is one large chunk, loaded when somebody searches.
  vite: { build: { chunkSizeWarningLimit: 10_000 } },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Guide', link: '/guide/getting-started' },
      { text: 'API', link: '/api/' },
      { text: 'Decisions', link: '/decisions/' },
    ],
    sidebar: {
      '/api/': reference(),
      '/decisions/': [{ text: 'Decisions', items: decisions() }],
      '/': guide,
    },
    outline: { level: [2, 3] },
  },
});

export default config;
