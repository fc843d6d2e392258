#include "CWebPages.h"

// #embed is C23, and this compiler knows it in every mode. Files in Swift source, or a bundle beside the program, would
// cost minutes of build or need Foundation.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char shared_theme[] = {
#embed "pages/shared/theme.css"
};
static const unsigned char shared_icon[] = {
#embed "pages/shared/icon.svg"
};
static const unsigned char operator_html[] = {
#embed "pages/operator/index.html"
};
static const unsigned char operator_style[] = {
#embed "pages/operator/style.css"
};
static const unsigned char operator_script[] = {
#embed "pages/operator/app.js"
};
static const unsigned char operator_parts[] = {
#embed "pages/operator/parts.js"
};
static const unsigned char operator_plots[] = {
#embed "pages/operator/plots.js"
};
static const unsigned char operator_words[] = {
#embed "pages/operator/words.js"
};
static const unsigned char playground_html[] = {
#embed "pages/playground/index.html"
};
static const unsigned char playground_style[] = {
#embed "pages/playground/style.css"
};
static const unsigned char playground_script[] = {
#embed "pages/playground/app.js"
};
static const unsigned char playground_richtext[] = {
#embed "pages/playground/richtext.js"
};
static const unsigned char playground_phone[] = {
#embed "pages/playground/phone.js"
};
static const unsigned char playground_composer[] = {
#embed "pages/playground/composer.js"
};
static const unsigned char playground_panel[] = {
#embed "pages/playground/panel.js"
};

// Not a page, but needed as much by a program that stands alone.
static const unsigned char max_schema[] = {
#embed "../Sandbox/Max/max-api.json"
};

#define FILE(path, bytes) { path, bytes, sizeof bytes }

static const struct surfaces_web_file files[] = {
    FILE("playground/index.html", playground_html),
    FILE("playground/style.css", playground_style),
    FILE("playground/app.js", playground_script),
    FILE("playground/richtext.js", playground_richtext),
    FILE("playground/phone.js", playground_phone),
    FILE("playground/composer.js", playground_composer),
    FILE("playground/panel.js", playground_panel),
    FILE("playground/theme.css", shared_theme),
    FILE("playground/icon.svg", shared_icon),
    FILE("operator/index.html", operator_html),
    FILE("operator/style.css", operator_style),
    FILE("operator/app.js", operator_script),
    FILE("operator/parts.js", operator_parts),
    FILE("operator/plots.js", operator_plots),
    FILE("operator/words.js", operator_words),
    FILE("operator/theme.css", shared_theme),
    FILE("operator/icon.svg", shared_icon),
    FILE("schemas/max-api.json", max_schema),
};

const size_t surfaces_web_file_count = sizeof files / sizeof files[0];

struct surfaces_web_file surfaces_web_file_at(size_t index) {
    return files[index < surfaces_web_file_count ? index : surfaces_web_file_count - 1];
}
