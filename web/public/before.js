// Runs before anything is drawn: language, direction and colours are right from the first moment.
(function () {
  var known = ["en", "it", "fr", "ar", "ro"];
  var language = null;
  var colours = null;
  try {
    language = localStorage.getItem("clove-language");
    colours = localStorage.getItem("mantine-color-scheme-value");
  } catch {
    // Storage may be forbidden: then the browser's own wishes count.
  }
  if (known.indexOf(language) < 0) {
    var wished = (navigator.languages || [navigator.language]).map(function (tag) {
      return tag.slice(0, 2);
    });
    language =
      wished.find(function (tag) {
        return known.indexOf(tag) >= 0;
      }) || "en";
  }
  var dark = colours === "dark" || (colours !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  var root = document.documentElement;
  root.lang = language;
  root.dir = language === "ar" ? "rtl" : "ltr";
  root.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
