"""A review page as a person uses it."""

import contextlib
import io
import os
import pathlib

from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

SETTLED = """
const done = arguments[arguments.length - 1];
(async () => {
  const images = () => [...document.querySelectorAll("#content img, .across img")];
  await Promise.all(images().map((image) => image.decode().catch(() => {})));
  requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
})();
"""


class Page:
    def __init__(self, browser, stage):
        self.browser = browser
        self.stage = stage
        browser.get_log("browser")
        browser.get((pathlib.Path(stage) / "review" / "index.html").as_uri())
        self.until(lambda: self.slice is not None)

    def until(self, condition):
        WebDriverWait(self.browser, 20, poll_frequency=0.02).until(lambda _: condition())

    @contextlib.contextmanager
    def window(self, width, height):
        """For a while in a window of another size."""
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        try:
            self.until(lambda: self.script("return innerWidth") == width)
            self.browser.execute_async_script(SETTLED)
            yield
        finally:
            self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            self.until(lambda: self.script("return innerWidth") != width)

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def script(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    @property
    def slice(self):
        number = self.script("return document.getElementById('content').dataset.slice")
        return int(number) if number else None

    @property
    def count(self):
        return int(self.find("#slider").get_attribute("max"))

    def press(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def click(self, selector):
        self.find(selector).click()

    def at(self, number):
        """Waits until a slice is shown."""
        self.until(lambda: self.slice == number)
        self.browser.execute_async_script(SETTLED)

    def go(self, number):
        self.script(
            "const s = document.getElementById('slider'); s.value = arguments[0]; s.dispatchEvent(new Event('input'))",
            number)
        self.at(number)

    def screenshot(self, name=None, selector=None):
        self.browser.execute_async_script(SETTLED)
        found = self.find(selector) if selector else self.browser
        png = found.screenshot_as_png if selector else self.browser.get_screenshot_as_png()
        folder = os.environ.get("PUSH2PACS_SCREENSHOTS")
        if folder and name:
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            (pathlib.Path(folder) / f"{name}.png").write_bytes(png)
        return Image.open(io.BytesIO(png)).convert("RGB")

    def complaints(self):
        return [entry["message"] for entry in self.browser.get_log("browser")]
