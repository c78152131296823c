import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The chat itself: a page the server serves at /widget with its assets under /widget-assets/. */
export default defineConfig({
  base: '/widget-assets/',
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  build: {
    outDir: 'dist/frame',
    assetsDir: '',
    target: 'es2022',
    // Every request is a file of ours: nothing is inlined as data:, nothing is injected into the page.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    manifest: 'manifest.json',
  },
});
