// Runs before the first paint so that a chosen theme or direction does not flash. A file of its own, because the
// page's content policy forbids inline scripts.
(function () {
  try {
    var root = document.documentElement;
    var theme = localStorage.getItem('porchlight.theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    var language = localStorage.getItem('porchlight.language');
    if (language) {
      root.lang = language;
      root.dir = language === 'ar' ? 'rtl' : 'ltr';
    }
  } catch (_error) {
    // Storage is forbidden in this browser: the system's theme and English stay.
  }
})();
