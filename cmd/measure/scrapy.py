"""Reads the farm with Scrapy and tells what it read, and what that cost.

robots.txt, cookies and retries are on, as they are in our crawler."""
import hashlib
import json
import re
import resource
import sys

import scrapy
from scrapy.crawler import CrawlerProcess

with open(sys.argv[1]) as f:
    PLOTS = json.load(f)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
told = []


def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime


class Farm(scrapy.Spider):
    name = "farm"

    def start_requests(self):
        for p in PLOTS:
            yield scrapy.Request(p["url"], meta={"plot": p})

    def parse(self, response):
        p = response.meta["plot"]
        h = hashlib.sha256()
        for row in response.css(p["item"]):
            title = row.css("a::text").get(default="").strip()
            m = DATE.search("".join(row.css(p["date"] + " ::text").getall()))
            h.update(("%s\t%s\n" % (title, m.group() if m else "")).encode())
        told.append(p["url"] + " " + h.hexdigest())


process = CrawlerProcess({
    "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "MEMUSAGE_ENABLED": False,
    "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS": 33, "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
})
process.crawl(Farm)
before = cpu()
process.start()
spent = cpu() - before
print("\n".join(told))
print("cpu %.6f" % spent)
