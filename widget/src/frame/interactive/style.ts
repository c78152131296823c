import css from './interactive.css?inline';

// In the script, as a file of its own would bring Vite's loader for such files into the chat.
document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
