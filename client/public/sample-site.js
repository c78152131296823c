// The visitor's side of "Try it": a stand-in for the organisation's site that carries the chat as any site does.
(function () {
  var query = new URLSearchParams(location.search);
  var locale = query.get('locale') || 'en';
  document.documentElement.lang = locale;
  document.documentElement.dir = locale === 'ar' ? 'rtl' : 'ltr';
  document.getElementById('name').textContent = query.get('title') || 'Porchlight';
  document.title = query.get('title') || 'Porchlight';
  var script = document.createElement('script');
  script.src = '/widget.js';
  script.async = true;
  script.dataset.websiteToken = query.get('website_token') || '';
  script.dataset.locale = locale;
  if (query.get('color')) script.dataset.color = query.get('color');
  document.head.append(script);
})();
