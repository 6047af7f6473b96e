export { classNamesKey, classNamesOf, requireClassNames, withClassNames } from './class-names.js';
