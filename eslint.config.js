import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import vue from 'eslint-plugin-vue';
import vueParser from 'vue-eslint-parser';

const only = (message) => ({ message });

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.data/**', 'client/src/api/generated.ts', 'widget/src/**/generated.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  // Only where Vue is: asked of the server too, with its types, they make the lint a third longer.
  ...vue.configs['flat/recommended'].map((config) => (config.files ? config : { ...config, files: ['client/**', 'widget/**'] })),
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser, sourceType: 'module' }, globals: globals.browser },
    rules: {
      'vue/multi-word-component-names': 'off', 'vue/max-attributes-per-line': 'off', 'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off', 'vue/html-indent': 'off', 'vue/html-closing-bracket-newline': 'off', 'vue/attributes-order': 'off',
      'vue/first-attribute-linebreak': 'off', 'vue/multiline-html-element-content-newline': 'off', 'vue/require-default-prop': 'off',
      // v-html shows only HTML the server made with its own safe Markdown or sanitiser; see docs/decisions.
      'vue/no-v-html': 'off',
    },
  },
  { files: ['client/src/**'], ignores: ['client/src/app/late-files.ts'],
    rules: { 'no-restricted-imports': ['error', { name: 'vue', importNames: ['defineAsyncComponent'], ...only('Use app/late-files: it knows what to do when the file does not come.') }] } },
  { files: ['client/**/*.ts', 'widget/**/*.ts'], languageOptions: { globals: globals.browser } },
  { files: ['scripts/**', '**/*.mjs', '**/*.cjs', '*.config.js', 'server/**'], languageOptions: { globals: globals.node } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      'no-undef': 'off',
      'no-control-regex': 'off',
    },
  },
  {
    files: ['server/src/**/*.ts'],
    languageOptions: { parserOptions: { project: './server/tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'env', ...only('Read settings from platform/config: it validates them once at start.') }],
      'no-restricted-globals': ['error', { name: 'fetch', ...only('Use platform/outbound-http: it has the timeouts, size limits and the guard against private addresses.') }],
      'no-restricted-imports': ['error', {
        patterns: [{ group: ['./**/common.js', './**/misc.js', '../**/common.js', '../**/misc.js', '**/helpers.js', '**/utils.js'], ...only('Name the file by what it holds.') }],
      }],
    },
  },
  { files: ['server/src/platform/config/**', 'server/src/**/*.spec.ts', 'server/src/**/*.int-spec.ts', 'server/test/**'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-globals': 'off' } },
);
