import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app/App.vue';
import { i18n, startingLanguage, useLanguage } from './app/i18n';
import { router } from './app/router';
import { applyTheme } from './app/theme';
import './ui/tokens.css';

applyTheme();
await useLanguage(startingLanguage());
createApp(App).use(createPinia()).use(i18n).use(router).mount('#app');
