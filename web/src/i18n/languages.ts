export const LANGUAGES = ["en", "it", "fr", "ar", "ro"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: "English",
  it: "Italiano",
  fr: "Français",
  ar: "العربية",
  ro: "Română",
};

const KEPT_AS = "clove-language";

/** The language that public/before.js chose before anything was drawn. */
export function languageOfPage(): Language {
  const of = document.documentElement.lang;
  return LANGUAGES.find((language) => language === of) ?? "en";
}

/** Keeps the choice and shows the page anew in it: direction included. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEPT_AS, language);
  location.reload();
}

/** The locale of numbers and dates: the browser's own region where it speaks the language. Digits are Latin. */
export function localeOf(language: Language): string {
  const own = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
  return language === "ar" ? `${own.split("-u-")[0]}-u-nu-latn` : own;
}
