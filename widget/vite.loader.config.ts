import { defineConfig } from 'vite';

/** Classic scripts for strangers' pages: the loader, served at /widget.js, and Chatwoot's snippet (`--mode chatwoot`), served at /packs/js/sdk.js. */
const scripts = {
  loader: { entry: 'src/loader/index.ts', name: 'porchlightLoader', fileName: () => 'widget.js' },
  chatwoot: { entry: 'src/chatwoot/index.ts', name: 'porchlightChatwoot', fileName: () => 'sdk.js' },
};

export default defineConfig(({ mode }) => ({
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2019',
    reportCompressedSize: false,
    lib: { ...scripts[mode === 'chatwoot' ? 'chatwoot' : 'loader'], formats: ['iife'] },
  },
}));
