package deploy_test

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// The service may do what it needs and little else; how little, systemd itself says,
// of 10 at worst.
func TestServiceIsHardened(t *testing.T) {
	unit := string(read(t, "systemd/xuncha.service"))
	for _, want := range []string{"Type=notify", "NotifyAccess=main", "WatchdogSec=", "StateDirectory=xuncha", "GOMEMLIMIT=", "NoNewPrivileges=yes", "TimeoutStopSec=30", "Restart=on-failure", "EnvironmentFile=-/etc/default/xuncha", "ReadWritePaths=-/var/backups/xuncha"} {
		if !strings.Contains(unit, "\n"+want) && !strings.Contains(unit, "="+want) {
			t.Errorf("the service has no %s", want)
		}
	}
	if start := line(unit, "ExecStart="); !strings.HasSuffix(start, " $XUNCHA_OPTIONS") || !strings.Contains(unit, "#   XUNCHA_OPTIONS=--url https://") || !strings.Contains(unit, " --trusted-proxy ") {
		t.Errorf("nothing tells the service of a proxy: %s", start)
	}
	name := filepath.Join(t.TempDir(), "xuncha.service")
	// Neither the program nor its user has to be on this machine.
	here := strings.NewReplacer("/usr/local/bin/xuncha", "/bin/true", "User=xuncha", "User=daemon", "Group=xuncha", "Group=daemon").Replace(unit)
	if err := os.WriteFile(name, []byte(here), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := systemd(t, "verify", "--man=no", name); out != "" {
		t.Errorf("systemd-analyze verify says:\n%s", out)
	}
	systemd(t, "security", "--offline=true", "--threshold=15", "--no-pager", name) // 1.5 of 10
	dropIn := filepath.Join(name+".d", "chromium.conf")
	if err := os.MkdirAll(filepath.Dir(dropIn), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dropIn, read(t, "systemd/chromium.conf"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := systemd(t, "verify", "--man=no", name); out != "" {
		t.Errorf("with chromium.conf systemd-analyze verify says:\n%s", out)
	}
}

// line is the first line of a text that begins so.
func line(text, begins string) string {
	for l := range strings.Lines(text) {
		if strings.HasPrefix(l, begins) {
			return strings.TrimSpace(l)
		}
	}
	return ""
}

// flags are the names of what a command is called with.
func flags(command []string) (names []string) {
	for _, arg := range command {
		name, _, _ := strings.Cut(arg, "=")
		names = append(names, name)
	}
	return names
}

// systemd runs systemd-analyze and wants it to be content.
func systemd(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "systemd-analyze", args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("systemd-analyze %s: %v\n%s", strings.Join(args, " "), err, out.String())
	}
	return strings.TrimSpace(out.String())
}

// What is a secret of the machine stays on it: the console and Grafana for this
// machine alone, the metrics for Prometheus alone.
func TestComposeOpensNothingToOthers(t *testing.T) {
	var file struct {
		Services map[string]struct {
			Build    map[string]any
			Command  []string
			Ports    []string
			Networks []string
			Volumes  []string
			ReadOnly bool     `yaml:"read_only"`
			CapDrop  []string `yaml:"cap_drop"`
		}
		Networks map[string]struct{ Internal bool }
		Volumes  map[string]any
	}
	if err := yaml.UnmarshalWithOptions(read(t, "compose/compose.yaml"), &file); err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(file.Services)); !slices.Equal(got, []string{"grafana", "prometheus", "xuncha"}) {
		t.Fatalf("services %q", got)
	}
	for name, s := range file.Services {
		for _, p := range s.Ports {
			if !strings.HasPrefix(p, "127.0.0.1:") || strings.Contains(p, "9464") {
				t.Errorf("%s is published at %s", name, p)
			}
		}
		if !slices.Equal(s.CapDrop, []string{"ALL"}) {
			t.Errorf("%s keeps capabilities", name)
		}
		for _, n := range s.Networks {
			if _, ok := file.Networks[n]; !ok {
				t.Errorf("%s is on a network %s that there is not", name, n)
			}
		}
		for _, v := range s.Volumes {
			from := v[:strings.LastIndex(v, ":/")]
			if strings.HasPrefix(from, ".") {
				if _, err := os.Stat(filepath.Join("compose", from)); err != nil {
					t.Errorf("%s mounts %s: %v", name, from, err)
				}
				continue
			}
			if _, usual, ok := strings.Cut(strings.TrimSuffix(from, "}"), ":-"); ok && !strings.HasPrefix(usual, ".") {
				from = usual // where nobody says otherwise
			}
			if _, ok := file.Volumes[from]; !ok && !strings.HasPrefix(from, "$") {
				t.Errorf("%s mounts a volume %s that there is not", name, from)
			}
		}
	}
	if s := file.Services["xuncha"]; !slices.Contains(s.Command, "--metrics=0.0.0.0:9464") || !s.ReadOnly || !slices.Contains(s.Networks, "metrics") {
		t.Errorf("xuncha is started by %q on %q", s.Command, s.Networks)
	}
	if have := flags(file.Services["xuncha"].Command); !slices.Contains(have, "--url") || !slices.Contains(have, "--trusted-proxy") {
		t.Errorf("nothing tells of a proxy: %q", have)
	}
	if !file.Networks["metrics"].Internal || slices.Contains(file.Services["grafana"].Networks, "metrics") {
		t.Error("the network of the metrics reaches further than Prometheus")
	}
}

// One city is one process; what its probes ask for and its ports are there.
func TestKubernetesRunsOneOfIt(t *testing.T) {
	type probe struct {
		HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
	}
	type object struct {
		Kind     string
		Metadata struct{ Name string }
		Spec     struct {
			Replicas             int
			VolumeClaimTemplates []struct{ Metadata struct{ Name string } } `yaml:"volumeClaimTemplates"`
			Ports                []struct {
				TargetPort string `yaml:"targetPort"`
			}
			Template struct {
				Spec struct {
					TerminationGracePeriodSeconds int `yaml:"terminationGracePeriodSeconds"`
					SecurityContext               struct {
						RunAsNonRoot bool `yaml:"runAsNonRoot"`
					} `yaml:"securityContext"`
					Volumes    []struct{ Name string }
					Containers []struct {
						Args         []string
						Ports        []struct{ Name string }
						Startup      probe                   `yaml:"startupProbe"`
						Readiness    probe                   `yaml:"readinessProbe"`
						Liveness     probe                   `yaml:"livenessProbe"`
						VolumeMounts []struct{ Name string } `yaml:"volumeMounts"`
						Security     struct {
							ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
							AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
						} `yaml:"securityContext"`
					}
				}
			}
		}
	}
	var kinds, ports []string
	var set object
	dec := yaml.NewDecoder(bytes.NewReader(read(t, "kubernetes/xuncha.yaml")))
	for {
		var o object
		if err := dec.Decode(&o); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, o.Kind)
		switch o.Kind {
		case "StatefulSet":
			set = o
		case "Service":
			ports = append(ports, o.Spec.Ports[0].TargetPort)
		}
	}
	if !slices.Equal(kinds, []string{"StatefulSet", "Service", "Service", "NetworkPolicy"}) {
		t.Errorf("objects %q", kinds)
	}
	pod := set.Spec.Template.Spec
	if set.Spec.Replicas != 1 || len(pod.Containers) != 1 || !pod.SecurityContext.RunAsNonRoot || pod.TerminationGracePeriodSeconds < 30 {
		t.Fatalf("%d replicas of %+v", set.Spec.Replicas, pod)
	}
	c := pod.Containers[0]
	if !c.Security.ReadOnlyRootFilesystem || c.Security.AllowPrivilegeEscalation == nil || *c.Security.AllowPrivilegeEscalation {
		t.Errorf("the container may do %+v", c.Security)
	}
	var named []string
	for _, p := range c.Ports {
		named = append(named, p.Name)
	}
	for _, p := range append(ports, c.Startup.HTTPGet.Port, c.Readiness.HTTPGet.Port, c.Liveness.HTTPGet.Port) {
		if !slices.Contains(named, p) {
			t.Errorf("there is no port %q among %q", p, named)
		}
	}
	// A full disk or a wrong clock is what /readyz tells of, and no reason to take the
	// console away from people or to begin anew.
	for _, p := range []probe{c.Startup, c.Readiness, c.Liveness} {
		if p.HTTPGet.Path != "/healthz" {
			t.Errorf("a probe asks for %s", p.HTTPGet.Path)
		}
	}
	if have := flags(c.Args); !slices.Contains(have, "--url") || !slices.Contains(have, "--trusted-proxy") {
		t.Errorf("nothing tells of a proxy: %q", have)
	}
	var claims []string
	for _, v := range set.Spec.VolumeClaimTemplates {
		claims = append(claims, v.Metadata.Name)
	}
	for _, v := range pod.Volumes {
		claims = append(claims, v.Name)
	}
	for _, m := range c.VolumeMounts {
		if !slices.Contains(claims, m.Name) {
			t.Errorf("there is no volume %q", m.Name)
		}
	}
}
