"""A patient list that shows how one is written: people whom nobody can take for real. It is not loaded by itself."""

SAMPLE_PATIENTS = """\
MRN,Last Name,First Name,Middle Name,DOB,Sex,Address,City,State,Zip,Phone,Visit Number,Admit Date,Discharge Date,Attending
00000001,SAMPLE,ADA,X,1900-01-31,F,1 EXAMPLE ST,NOWHERE,ZZ,00000,(555) 555-0100,V0000001,2024-01-15,2024-01-18,EXAMPLE DOCTOR
00000002,SAMPLE,BEN,X,1900-02-28,M,2 EXAMPLE ST,NOWHERE,ZZ,00000,(555) 555-0101,V0000002,2024-02-20,2024-02-22,EXAMPLE DOCTOR
00000003,TESTPERSON,CARA,X,1900-03-31,F,3 EXAMPLE ST,NOWHERE,ZZ,00000,(555) 555-0102,,,,
00000004,PLACEHOLDER,DAN,X,1900-04-30,M,4 EXAMPLE ST,NOWHERE,ZZ,00000,(555) 555-0103,,,,
"""
"""One line a patient and visit, under heads that are understood; leading zeros of numbers stay."""
