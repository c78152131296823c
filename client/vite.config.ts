import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

/** Asks for the Latin font with the page instead of after the style sheet, so text does not change its face. */
function preloadLatinFont(): Plugin {
  return {
    name: 'preload-latin-font',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const font = Object.keys(bundle ?? {}).find((file) => /inter-latin-wght-normal.*\.woff2$/.test(file));
        if (!font) throw new Error('The Latin subset of Inter is missing from the build: check src/ui/tokens.css');
        return [{ tag: 'link', injectTo: 'head', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/app/${font}`, crossorigin: '' } }];
      },
    },
  };
}

const server = process.env.PORCHLIGHT_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  base: '/app/',
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [vue(), tailwindcss(), preloadLatinFont()],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    // Messages are interpreted, never turned into code: the page's policy forbids eval.
    __INTLIFY_JIT_COMPILATION__: true,
    __INTLIFY_DROP_MESSAGE_COMPILER__: false,
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // A font or image inlined as data: would be refused by the page's content policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Two chunks that every page shares instead of sixty small ones: each request costs a round on a slow line.
          groups: [
            { name: 'vue', test: /node_modules\/(@vue|vue|vue-router|pinia|vue-i18n|@intlify)\//, priority: 2 },
            { name: 'kit', test: /node_modules\/(reka-ui|@floating-ui|@vueuse|@internationalized|aria-hidden|defu|ohash|@lucide)\/|src\/(ui|composables|api)\//, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/auth', '/files', '/widget', '/widget.js', '/widget-assets', '/health', '/socket.io', '/cable'].map((path) => [path, { target: server, ws: path === '/socket.io' || path === '/cable', changeOrigin: false }]),
    ),
  },
});
