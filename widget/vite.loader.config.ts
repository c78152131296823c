import { defineConfig } from 'vite';

/** The loader: one classic script for strangers' pages, served at /widget.js. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2019',
    reportCompressedSize: false,
    lib: { entry: 'src/loader/index.ts', formats: ['iife'], name: 'porchlightLoader', fileName: () => 'widget.js' },
  },
});
