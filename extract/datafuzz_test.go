package extract

import (
	"testing"
	"time"
)

// checkRead asks for a reading and checks what holds of every one.
func checkRead(t *testing.T, task Task, s site) {
	t.Helper()
	start := time.Now()
	got, _ := ask(t, task, s)
	if got.Outcome == Unread && (got.Reason == "" || got.Detail == "") {
		t.Errorf("unread without a reason: %+v", got)
	}
	if got.Outcome == Empty && len(got.Items) > 0 {
		t.Errorf("empty with %d items", len(got.Items))
	}
	if got.Newest.Time.After(DayOf(fetched).AddDate(0, 0, 1)) {
		t.Errorf("newest is %s, after the fetch", got.Newest.Time)
	}
	if p := got.Proposal; p != nil {
		if err := p.Recipe.Validate(); err != nil || p.Confidence < 0 || p.Confidence > 1 {
			t.Errorf("proposal %+v: %v", p, err)
		}
	}
	if took := time.Since(start); took > limit {
		t.Errorf("took %v", took)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"code":200,"data":{"list":`+interfaceRows+`,"total":3}}`), "data.list")
	f.Add([]byte(`cb([{"title":"关于开展检查的通知","url":"/1","pubDate":1692756000000}]);`), ".")
	f.Add([]byte(`{"data":{"html":"<ul><li><a href='/1'>通知</a>2023-08-23</li></ul>"}}`), "data.html")
	f.Add([]byte(`{"data":{"list":[],"total":0}}`), "data.list")
	f.Add([]byte("\ufeff)]}',\n[[[{\"a\x01\":\"\\ud800\"}]]]"), "0.0")
	f.Fuzz(func(t *testing.T, body []byte, at string) {
		s := site{"/": {body: string(body)}}
		for _, r := range []Recipe{{}, {Source: SourceJSON}, {Source: SourceJSON, List: at, Title: "title", Link: "/d?{url}", Date: "publishTime"}, {Source: SourceJSON, Markup: at, Item: "li"}} {
			if r.Validate() == nil {
				checkRead(t, Task{Question: AskNewest, URLs: []string{host + "/"}, Recipe: r}, s)
			}
		}
	})
}

func FuzzXML(f *testing.F) {
	f.Add([]byte(`<datastore><totalpage>1</totalpage><recordset><record><![CDATA[<li><a href="/1">通知</a><b>2023-08-23</b></li>]]></record></recordset></datastore>`), "record")
	f.Add([]byte(`<?xml version="1.0"?><r><item id="1"><title>关于开展检查的通知</title><u>/1</u><pubdate>2023-08-23</pubdate></item><item/></r>`), "item")
	f.Add([]byte(`<!DOCTYPE r [<!ENTITY a "&a;">]><r>&a;<total>0</total></r>`), "item")
	f.Add([]byte(`<r><record><![CDATA[</record>]]><record>`), "record")
	f.Fuzz(func(t *testing.T, body []byte, name string) {
		s := site{"/": {body: string(body)}}
		for _, r := range []Recipe{{}, {Source: SourceXML}, {Source: SourceXML, List: name, Title: "title", Link: "u", Date: "pubdate"}, {Source: SourceXML, Markup: name, Item: "li, tr"}} {
			if r.Validate() == nil {
				checkRead(t, Task{Question: AskNewest, URLs: []string{host + "/"}, Recipe: r}, s)
			}
		}
	})
}

func FuzzIsland(f *testing.F) {
	f.Add(`<script type="text/xml"><recordset><record><![CDATA[<li><a href="/1">通知</a><span>2023-08-23</span></li>]]></record></recordset></script>`)
	f.Add(`<textarea><record><tr><td><a href="/1">x</a></td><td>2023-08-23</td></tr></record></textarea><xml><record><![CDATA[x]]></record></xml>`)
	f.Add(`<script>urls[i]='/1';headers[i]="通知\"一\"";year[i]='2023';month[i]='8';day[i]='23';</script>`)
	f.Add(`<script src="unitbuild.js" queryData="{'a':'1'}"></script><xml><record><![CDATA[`)
	f.Fuzz(func(t *testing.T, body string) {
		s := site{"/tzgg/": {body: `<html><body><div class="box">` + body + `</div></body></html>`}, "/unit": {body: interfaceRows}}
		for _, r := range []Recipe{{}, {List: "recordset", Item: "li, tr, div", Date: "span"}, {Source: SourceJSON, Data: `/unit?{1} =~ (?i)querydata="(.*?)"`}} {
			checkRead(t, Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: r}, s)
		}
	})
}
