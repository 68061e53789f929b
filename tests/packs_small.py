"""A tiny valid programme pack: every file and column that an import reads, a row or a few in each, nothing odd.

Two sites of two trusts, one live since 2026-04-13 and one preparing. No warning is due on it, so a test that changes
one cell knows what its warning or error comes from.
"""

import csv
from pathlib import Path

# A table's rows as written, the header first: row 1 of the file is `table[0]`.
Table = list[list[str]]

_FILES = {
    "organisations.csv": """
code,name,kind,region
ORG1,North Trust,trust,North
ORG2,South Trust,trust,South
""",
    "sites.csv": """
code,organisation,name,kind,postcode,time_zone
S1,ORG1,North Hospital,hospital,AB1 2CD,Europe/London
S2,ORG2,South Clinic,clinic,,Europe/London
""",
    "wards.csv": """
site,code,name,specialty
S1,W1,Ward 1,surgery
S1,W2,Ward 2,
S2,W1,Ward 1,
""",
    "programme.csv": """
code,name,product,portfolio,problem,processes,mission,goal,approach\
,resource_need,state,target_date,ward_word,support_number,not_applicable
SMALL,Small programme,EPR,records,Paper notes,Ward round;Discharge,Better care,No paper by winter\
,modular,Two trainers,rolling_out,2026-12-31,ward,01632 960000,pilots.outcome
""",
    "waves.csv": """
number,name,starts_on,ends_on
1,First,2026-04-01,2026-04-30
2,Second,2026-06-01,2026-06-30
""",
    "deployments.csv": """
site,wave,wards,modules,stage,interest_on,technical_go_live,go_live,actual_technical_go_live\
,actual_go_live,dual_running_until,declared_status,declared_on,declared_by,declared_words
S1,1,,Notes;Orders,live,2025-10-01,2026-03-16,2026-04-13,2026-03-16,2026-04-13,2026-05-11\
,green,2026-03-20,lead@example.org,All well
S2,2,W1,,preparing,2025-11-01,2026-05-18,2026-06-15,,,,,,,
""",
    "deployment_changes.csv": """
site,at,what,before,after,reason,by
S1,2026-04-13T08:00:00+01:00,stage,technical_live,live,Went live,lead@example.org
""",
    "seats.csv": """
seat,site,person,discipline,from,to
sro,,sro@example.org,management,2025-10-01,
site_lead,S1,lead@example.org,nursing,2025-10-01,2026-12-31
""",
    "staff.csv": """
organisation,number,name,email,group,line_manager
ORG1,1001,Person One,one@example.org,nurse,true
ORG1,1002,Person Two,,nurse,false
ORG1,1003,Person Three,,doctor,false
ORG2,1001,Person Four,four@example.org,nurse,true
""",
    "absences.csv": """
organisation,number,from,to,kind
ORG1,1003,2026-04-10,2026-05-10,leave
""",
    "postings.csv": """
organisation,number,site,ward,from,to
ORG1,1001,S1,W1,2025-01-01,
ORG1,1002,S1,W1,2025-01-01,2026-05-31
ORG1,1003,S1,W2,2025-01-01,
ORG2,1001,S2,W1,2025-01-01,
""",
    "courses.csv": """
code,name,mode,groups,mandatory,valid_days,for_champions,assessed,active
BASIC,Basics,classroom,,true,365,false,true,true
ONLINE,Online part,e-learning,nurse;doctor,true,,false,false,true
CHAMP,For champions,sandbox,,false,,true,false,true
""",
    "sessions.csv": """
code,course,site,room,starts_at,ends_at,capacity,trainer
T1,BASIC,S1,Room 1,2026-03-02T09:00:00,2026-03-02T12:00:00,10,trainer@example.org
""",
    "attendance.csv": """
course,organisation,number,date,session,state,passed
BASIC,ORG1,1001,2026-03-02,T1,attended,true
BASIC,ORG1,1002,2026-03-02,T1,did_not_attend,
ONLINE,ORG1,1001,2026-03-03,,attended,
CHAMP,ORG1,1001,2026-03-04,,attended,
""",
    "champions.csv": """
organisation,number,from,to,level,volunteered,protected_hours,nominated_by
ORG1,1001,2026-01-05,,champion,true,7.5,lead@example.org
ORG1,1002,2026-01-05,2026-05-31,super_user,false,,
""",
    "shift_patterns.csv": """
name,starts,ends,minimum
early,07:00,15:00,1
night,22:00,07:00,1
""",
    "shifts.csv": """
client_id,organisation,number,site,ward,starts_at,ends_at,state,planned_on,ended_on,staff_helped,notes
6f1f3f0e-5a49-4d43-8a3f-000000000001,ORG1,1001,S1,W1,2026-04-13T07:00:00,2026-04-13T15:00:00,worked,2026-03-01,,6,Busy
6f1f3f0e-5a49-4d43-8a3f-000000000002,ORG1,1001,S1,W1,2026-04-14T07:00:00,2026-04-14T15:00:00,worked,2026-03-01,,,
6f1f3f0e-5a49-4d43-8a3f-000000000003,ORG1,1002,S1,W1,2026-04-13T22:00:00,2026-04-14T07:00:00,worked,2026-03-01,,,
6f1f3f0e-5a49-4d43-8a3f-000000000004,ORG1,1002,S1,W1,2026-04-15T22:00:00,2026-04-16T07:00:00,missed,2026-03-01,2026-04-15,,
""",
    "access_checks.csv": """
organisation,number,checked_at,site,ward,device,passed,reason
ORG1,1001,2026-03-10T09:00:00,S1,W1,Trolley 3,true,
ORG1,1002,2026-03-10T09:05:00,S1,W1,,false,card
""",
    "template.csv": """
code,domain,text,help,weight,blocking,due_days,valid_days,evidence,seat,golive,check
GOV-1,governance,Safety case signed,See the policy,5,true,30,,true,sro,user,
TECH-1,technical,Devices tested,,3,false,7,90,false,,technical,
""",
    "checklist_events.csv": """
site,item,at,state,assurance,due,owner,evidence,reason
S1,GOV-1,2026-03-01T10:00:00,done,seen,2026-03-10,lead@example.org,Signed on paper,
S1,TECH-1,2026-03-02T10:00:00,in_progress,,,,,
S2,TECH-1,2026-03-02T10:00:00,blocked,,,,,No power
""",
    "waivers.csv": """
code,site,item,reason,asked_by,asked_on,state,decided_by,decided_on,revoked_on,from,until
WV1,S2,TECH-1,Power comes in May,lead@example.org,2026-03-03,approved,sro@example.org,2026-03-04,,2026-03-04,2026-05-31
""",
    "hazards.csv": """
code,site,text,likelihood,severity,mitigation,raised_on,closed_on,accepted_on,accepted_by
HZ1,,Wrong patient opened,2,4,Photo on screen,2026-01-10,,2026-02-10,sro@example.org
HZ2,S1,Slow log-in,3,2,,2026-01-11,2026-03-01,,
""",
    "gates.csv": """
code,name,kind,due_days,minimum_score,seats
GO,Go or no go,go_live,7,90,sro
""",
    "gate_reviews.csv": """
gate,site,held_on,outcome,words
GO,S1,2026-04-06,go_with_conditions,Nearly there
""",
    "conditions.csv": """
gate,site,held_on,code,text,owner,due_on,done_on
GO,S1,2026-04-06,C1,Two more trolleys,lead@example.org,2026-04-12,2026-04-11
""",
    "sign_offs.csv": """
gate,site,held_on,seat,person,answer,words,signed_on
GO,S1,2026-04-06,sro,sro@example.org,yes,,2026-04-06
""",
    "pilots.csv": """
code,site,wards,question,starts_on,ends_on,outcome,decided_on,reason,scale_plan,scale_owner\
,resources,secured_on,staff_experience,staff_answers,patient_experience,patient_answers
PI1,S1,W1;W2,Does it save time?,2025-11-01,2025-12-15,scale,2026-01-10,It does,Ward by ward\
,sro@example.org,Two nurses,2026-01-20,4.2,18,3.9,40
""",
    "pilot_measures.csv": """
pilot,measure,baseline,target,result
PI1,TIME,30,20,22.5
""",
    "requirements.csv": """
code,pilot,text,priority
RQ1,PI1,Works offline,1
""",
    "lessons.csv": """
code,site,pilot,text,tags,item
LE1,S1,PI1,Test the wireless first,network;devices,TECH-1
""",
    "measures.csv": """
code,name,unit,portfolio,direction,baseline,target,target_date,headline,dip_depth,dip_weeks
TIME,Time to document,minutes,staff,down,30,20,2026-12-31,true,5,6
""",
    "site_targets.csv": """
measure,site,target,agreed_on
TIME,S1,22,2026-02-01
""",
    "observations.csv": """
measure,site,ward,period_start,period,numerator,denominator,value
TIME,S1,,2026-04-13,week,,,31
TIME,S1,W1,2026-04-13,week,12,40,
""",
    "engagement.csv": """
code,kind,date,sites,groups,people,words
EN1,demo,2026-02-10,S1;S2,nurse;doctor,25,Well received
""",
    "communications.csv": """
code,audience,channel,text,owner,planned_on,sent_on
CO1,All staff,email,We go live in April,lead@example.org,2026-03-01,2026-03-02
""",
    "stories.csv": """
code,site,from,words,consent_on
ST1,S1,staff,I found the notes at once,2026-04-20
""",
    "pulse.csv": """
code,site,ward,group,date,confidence,job_worry,words
PU1,S1,W1,nurse,2026-03-15,4,false,Ready
""",
    "partners.csv": """
code,name,kind
PA1,Supplier One,supplier
""",
    "commitments.csv": """
code,partner,site,text,due_on,delivered_on
CM1,PA1,S1,Interface to the laboratory,2026-03-31,2026-03-28
""",
    "agreements.csv": """
code,site,kind,text
AG1,S1,data sharing,Who may read what
""",
    "signatures.csv": """
agreement,organisation,signed_on
AG1,ORG1,2026-02-15
AG1,ORG2,2026-02-20
""",
    "funding.csv": """
code,text,from,to,amount,secured_on
FU1,Trainers,2026-01-01,2026-12-31,120000.50,2025-12-01
""",
    "other_changes.csv": """
code,site,text,from,to,load
OC1,S2,New switchboard,2026-02-01,2026-02-14,1
""",
    "support_issues.csv": """
client_id,site,ward,raised_at,category,tier,severity,stops_work,resolved_at,words
6f1f3f0e-5a49-4d43-8a3f-0000000000a1,S1,W1,2026-04-13T09:00:00,access,bronze,2,false,2026-04-13T09:40:00,Card reader
""",
    "decisions.csv": """
code,site,kind,text,reason,from,by
DE1,,not_applicable,Pilots are not scored,One pilot only,2026-01-15,sro@example.org
""",
}


# What the rows of a file name, by file; every pack has the first three.
_ALWAYS = ("organisations.csv", "sites.csv", "programme.csv")
_NAMES = {
    "wards.csv": ("sites.csv",),
    "deployments.csv": ("waves.csv", "wards.csv"),
    "deployment_changes.csv": ("deployments.csv",),
    "seats.csv": ("deployments.csv",),
    "absences.csv": ("staff.csv",),
    "postings.csv": ("staff.csv", "wards.csv"),
    "sessions.csv": ("courses.csv",),
    "attendance.csv": ("sessions.csv", "staff.csv"),
    "champions.csv": ("staff.csv",),
    "shifts.csv": ("champions.csv", "postings.csv"),
    "access_checks.csv": ("postings.csv",),
    "checklist_events.csv": ("deployments.csv", "template.csv"),
    "waivers.csv": ("deployments.csv", "template.csv"),
    "hazards.csv": ("deployments.csv",),
    "gate_reviews.csv": ("deployments.csv", "gates.csv"),
    "conditions.csv": ("gate_reviews.csv",),
    "sign_offs.csv": ("gate_reviews.csv",),
    "pilots.csv": ("deployments.csv",),
    "pilot_measures.csv": ("measures.csv", "pilots.csv"),
    "requirements.csv": ("pilots.csv",),
    "lessons.csv": ("pilots.csv", "template.csv"),
    "site_targets.csv": ("deployments.csv", "measures.csv"),
    "observations.csv": ("deployments.csv", "measures.csv"),
    "engagement.csv": ("deployments.csv",),
    "stories.csv": ("deployments.csv",),
    "pulse.csv": ("deployments.csv",),
    "commitments.csv": ("deployments.csv", "partners.csv"),
    "agreements.csv": ("deployments.csv",),
    "signatures.csv": ("agreements.csv",),
    "other_changes.csv": ("deployments.csv",),
    "support_issues.csv": ("deployments.csv",),
    "decisions.csv": ("deployments.csv",),
}


def small_tables(about: str = "") -> dict[str, Table]:
    """The pack's tables by file, fresh lists that a test may change; `about` a file: only it and what it names."""
    wanted = {*_ALWAYS, about} if about else set(_FILES)
    while further := {name for file in wanted for name in _NAMES.get(file, ())} - wanted:
        wanted |= further
    return {name: list(csv.reader(text.strip().splitlines())) for name, text in _FILES.items() if name in wanted}


def table_bytes(table: Table) -> bytes:
    """A table as the bytes of its file: UTF-8 without a byte order mark, a line feed after each row."""
    return "".join(",".join(map(_quoted, row)) + "\n" for row in table).encode()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\r\n') else cell


def write_tables(folder: Path, tables: dict[str, Table]) -> Path:
    """Write tables as the files of a folder, made where it is missing; the folder is given back."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        (folder / name).write_bytes(table_bytes(table))
    return folder


def write_small_pack(folder: Path) -> Path:
    """Write the tiny pack into a folder and give the folder back."""
    return write_tables(folder, small_tables())
