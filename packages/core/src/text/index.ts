export { visibleJson, visibleText } from './visible-text.js';
